/** Runs a grader's tests in this thread, one after the other: each is a check. */

import type { DeclaredCheck, RunGrader } from './checks.ts';
import './matchers.ts';
import { type Test, testsOf } from './vitest.ts';

/** Runs the checks of one grader. Returns what went wrong outside of them, in the words of the exceptions. */
export const runGrader: RunGrader = async (importGrader, listener) => {
  let tests: readonly Test[] = [];
  const failures: string[] = [];
  try {
    tests = await testsOf(importGrader);
    if (tests.length === 0) failures.push('it declares no check: test(name, { meta: { id, stage } }, …)');
  } catch (error) {
    failures.push(error instanceof Error ? error.message : String(error));
  }
  listener.collected(tests.map(declaredAs));
  for (const each of tests) await listener.check(declaredAs(each), each.run);
  return failures;
};

const declaredAs = ({ name, meta: { id = '', stage = 1 } }: Test): DeclaredCheck => ({ id, name, stage });
