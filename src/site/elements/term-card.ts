/** The card beside a term. Its text is the glossary's own, fetched once, when it is first asked for. */

const pause = 150;
let card: HTMLElement | undefined;
let shownFor: HTMLElement | undefined;
let glossary: Promise<Document> | undefined;

/** Shows the card if, after a moment, the term is still being pointed at. */
export async function showCard(term: HTMLAnchorElement): Promise<void> {
  if (shownFor === term) return;
  const [meaning] = await Promise.all([meaningOf(term), new Promise((resolve) => setTimeout(resolve, pause))]);
  if (!meaning || !term.matches(':hover, :focus-visible')) return;
  hide();
  card ??= newCard();
  card.replaceChildren(...meaning);
  card.showPopover();
  place(card, term);
  term.setAttribute('aria-describedby', card.id);
  shownFor = term;
  for (const event of ['pointerleave', 'blur']) term.addEventListener(event, hideSoon, { once: true });
  addEventListener('scroll', hide, { once: true });
}

async function meaningOf(term: HTMLAnchorElement): Promise<Node[] | undefined> {
  const { hash, pathname } = new URL(term.href);
  glossary ??= fetch(pathname)
    .then((response) => response.text())
    .then((text) => new DOMParser().parseFromString(text, 'text/html'));
  const entry = await glossary.then(
    (page) => page.getElementById(hash.slice(1)),
    () => undefined,
  );
  const prose = entry?.querySelector('.prose');
  return prose ? [...document.importNode(prose, true).childNodes] : undefined;
}

function newCard(): HTMLElement {
  const made = document.createElement('div');
  made.id = 'term-card';
  made.role = 'tooltip';
  made.popover = 'manual';
  made.addEventListener('pointerleave', hideSoon);
  addEventListener('keydown', ({ key }) => key === 'Escape' && hide());
  (document.querySelector('main') ?? document.body).append(made);
  return made;
}

/** Below the term, or above it where there is no room; never beyond the window's sides. */
function place(made: HTMLElement, term: HTMLElement): void {
  const at = term.getClientRects()[0] ?? term.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = made;
  const isBelow = at.bottom + height + 12 < innerHeight;
  made.style.left = `${Math.max(8, Math.min(at.left - 12, document.documentElement.clientWidth - width - 8))}px`;
  made.style.top = `${isBelow ? at.bottom + 4 : Math.max(8, at.top - height - 4)}px`;
}

/** Whoever moves from the term into the card, to select its text or to follow a link, keeps it. */
function hideSoon(): void {
  setTimeout(() => {
    if (!card?.matches(':hover') && !shownFor?.matches(':hover, :focus-visible')) hide();
    else shownFor?.addEventListener('pointerleave', hideSoon, { once: true });
  }, pause);
}

function hide(): void {
  if (card?.matches(':popover-open')) card.hidePopover();
  shownFor?.removeAttribute('aria-describedby');
  shownFor = undefined;
}
