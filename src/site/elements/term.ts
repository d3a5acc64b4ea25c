/** Pointing at a term, by mouse or keyboard, shows what it means. A finger simply follows the link. */

import { showCard } from './term-card.ts';

function pointAt(event: Event): void {
  if (event instanceof PointerEvent && event.pointerType === 'touch') return;
  const term = event.target instanceof Element && event.target.closest<HTMLAnchorElement>('a.term');
  if (term) void showCard(term);
}

document.addEventListener('pointerover', pointAt);
document.addEventListener('focusin', pointAt);
