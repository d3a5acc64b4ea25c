/** The code for the room (src/course/gauge), in the terminal. */

import type { Catalogue } from '#course/catalogue';
import { codeOf } from '#course/gauge/code';
import { gaugedIn } from '#course/gauge/gauged';
import { reportOf } from '#course/gauge/report';
import { toldBy } from '#course/gauge/words';
import { roomNumber } from '#course/node/room-numbers';
import type { Variant } from '#grade/variants';
import type { Verdict } from '#grade/verdict';
import type { Desk } from './desk.ts';

/** The code that tells a room of a verdict, and what it says. */
export async function roomText({ my }: Pick<Desk, 'my'>, catalogue: Catalogue, verdict: Verdict): Promise<string> {
  const gauged = gaugedIn(catalogue).find(({ id }) => id === verdict.exercise);
  if (!gauged) throw new Error(`there is no exercise ${verdict.exercise}`);
  const report = reportOf(verdict, gauged, await roomNumber(my, gauged.id));
  return `Code for the room: ${codeOf(report, gauged)}. It says: ${toldBy(report, gauged)}`;
}

interface Judged {
  readonly catalogue: Catalogue;
  readonly verdict: Verdict | undefined;
  readonly graded: { readonly variant: Variant } | undefined;
}

/** The same of a session, or why there is none. */
export async function roomNotice(desk: Pick<Desk, 'my'>, { catalogue, verdict, graded }: Judged): Promise<string> {
  if (!verdict) return 'There is no verdict yet to make a code of: save your file first.';
  if (graded?.variant === 'harder') return 'The room asks for the usual worlds: v leads back to them.';
  return roomText(desk, catalogue, verdict);
}
