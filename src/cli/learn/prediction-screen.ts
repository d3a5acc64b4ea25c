/** A lesson's question before its exercise, and what came of it. */

import type { Prediction } from '#course/predictions';
import { progressOf } from '#course/progress';
import { glyph, type Look, paint } from '../look.ts';
import { indent, proseLines, wrap } from '../prose.ts';
import { hanging } from './lines.ts';
import type { State } from './state.ts';

/** What may be answered, each with its number. */
export function optionLines(look: Look, { options }: Prediction): string[] {
  return options.flatMap(({ text }, index) => option(look, index, text));
}

function option(look: Look, index: number, text: string): string[] {
  const front = look.spoken ? `${index + 1}: ` : `  ${paint(look, 'bold', String(index + 1))}  `;
  return hanging(front, proseLines(look, text, look.width - 5));
}

/** What was predicted, beside what happens. Nothing is judged. */
export function recallLines(look: Look, { prediction, progress, exercise, answer, recalls }: State): string[] {
  const chosen = prediction && progressOf(progress, exercise.id).predictions[prediction.id];
  if (!recalls || !prediction || chosen === undefined) return [];
  return [
    paint(look, 'bold', 'Your prediction'),
    ...indent(proseLines(look, prediction.question, look.width - 2), 2),
    ...outcomeLines(look, prediction, chosen, answer),
  ];
}

/** What was said, and what happens. */
export function outcomeLines(look: Look, prediction: Prediction, chosen: string, answer: string | undefined): string[] {
  const isRight = chosen === answer;
  return [
    ...(isRight ? [] : told(look, prediction, chosen, 'You said')),
    ...(answer === undefined ? [] : told(look, prediction, answer, isRight ? 'As you said' : 'What happens')),
  ];
}

function told(look: Look, { options }: Prediction, key: string, who: string): string[] {
  const option = options.find((each) => each.key === key);
  if (!option) return indent(wrap(`${who}: ${key}`, look.width - 2), 2);
  const text = proseLines(look, `${who}: ${option.text}. ${option.reason}`, look.width - 4);
  return hanging(look.spoken ? '' : `  ${glyph(look, 'bullet')} `, text);
}
