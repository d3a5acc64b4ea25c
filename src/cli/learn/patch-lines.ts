/** A patch to be reviewed, its lines numbered; and the steps that each task makes by itself. */

import type { ShownPatch, StepsAlone } from '#course/experiments/patches';
import { type Look, paint, type Style } from '../look.ts';
import { indent, proseLines } from '../prose.ts';

const STYLES: Readonly<Record<string, Style>> = { '+': 'green', '-': 'red', '@': 'dim' };

/** For who listens, a word instead of the mark. */
const SPOKEN: Readonly<Record<string, string>> = { '+': 'added: ', '-': 'removed: ' };

export function patchLines(look: Look, { name, subject, lines }: ShownPatch): string[] {
  return [paint(look, 'bold', `${name}: “${subject}”`), ...lines.map((line, at) => numbered(look, at + 1, line))];
}

function numbered(look: Look, number: number, line: string): string {
  const mark = line.charAt(0);
  if (look.spoken) return `${number}. ${SPOKEN[mark] ?? ''}${line.replace(/^[ +-]/, '').trim()}`;
  const style = STYLES[mark];
  return `${String(number).padStart(3)} ${style ? paint(look, style, line) : line}`.trimEnd();
}

export function stepLines(look: Look, alone: readonly StepsAlone[]): string[] {
  return alone.flatMap(({ task, steps }) => {
    // A number stays with its step.
    const numberedSteps = steps.map((step, at) => `${at + 1}\u00a0\`${step}\``);
    const [first = '', ...more] = proseLines(look, `${task} by itself: ${numberedSteps.join(', ')}`, look.width - 2);
    return [first, ...indent(more, 2)];
  });
}
