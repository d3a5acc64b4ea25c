/** What came of a check, or of loading the submission: from what was thrown to what a verdict says. */

import { Fault } from '#explore/fault';
import { tellThrown } from '#explore/stacks';
import type { Because } from './misconceptions.ts';
import type { Session } from './session.ts';
import type { StarterExport } from './starter.ts';
import type { Exports } from './submission.ts';
import { say } from './texts.ts';
import type { Check, Message } from './verdict.ts';

/** What running a check adds to its declaration. */
export type CheckResult = Omit<Check, 'id' | 'name' | 'stage'>;

/** `thrown` is absent for a check that returned. */
export function resultOf(
  session: Session,
  texts: Readonly<Record<string, Because>>,
  thrown?: { error: unknown },
): CheckResult {
  const explored = session.explored ? { explored: session.explored } : {};
  if (session.finding) {
    const { misconception } = session.finding;
    const text = misconception === undefined ? undefined : texts[misconception];
    return { ...session.finding, ...text, ...explored };
  }
  if (thrown) return { ...failureOf(thrown.error, session.check), ...explored };
  return { status: 'passed', ...explored, ...session.shown };
}

/** A check, or what stands for one, threw. */
export function failureOf(error: unknown, check: string): CheckResult {
  const fault = faultOf(error);
  if (fault) return faulty(fault, check);
  if (isAssertion(error)) return { status: 'failed', message: say('expectation', { says: error.message }) };
  return thrownBy(error, say('exception'));
}

/** Loading the submission threw. */
export function failedAtLoad(error: unknown): CheckResult {
  const fault = faultOf(error);
  return fault ? faulty(fault, say('loading').text) : thrownBy(error, say('exception.at load'));
}

function faulty({ kind, message }: Fault, program: string): CheckResult {
  const said = kind === 'endless loop' ? say(kind, { message }) : say(`violation.${kind}`, { program, message });
  return { status: 'failed', message: said };
}

function thrownBy(error: unknown, message: Message): CheckResult {
  return { status: 'failed', message, native: tellThrown(error) };
}

/** The first export of the starter that the submission lacks, or that is no function though it must be one. */
export function lacking(exports: Exports, wanted: readonly StarterExport[]): CheckResult | undefined {
  for (const { name, isFunction, write } of wanted) {
    if (!Object.hasOwn(exports, name)) return { status: 'failed', message: say('missing export', { name, write }) };
    if (isFunction && typeof exports[name] !== 'function')
      return { status: 'failed', message: say('no function', { name, write }) };
  }
  return undefined;
}

/** What the engine throws at code that it cannot go on with. Asked of nothing that a thrown object could answer by a getter. */
const faultOf = (error: unknown): Fault | undefined => (error instanceof Fault ? error : undefined);

const isAssertion = (error: unknown): error is Error => error instanceof Error && error.name === 'AssertionError';
