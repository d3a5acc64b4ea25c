/** Reads a grader in this thread: each of its tests is a check. */

import type { GraderCheck, ReadChecks } from './checks.ts';
import './matchers.ts';
import { type Test, testsOf } from './vitest.ts';

export const readChecks: ReadChecks = async (importGrader) => {
  try {
    const checks = (await testsOf(importGrader)).map(asCheck);
    if (checks.length > 0) return { checks, failures: [] };
    return { checks, failures: ['it declares no check: test(name, { meta: { id, stage } }, …)'] };
  } catch (error) {
    return { checks: [], failures: [error instanceof Error ? error.message : String(error)] };
  }
};

const asCheck = ({ name, meta: { id = '', stage = 1 }, run }: Test): GraderCheck => ({ id, name, stage, run });
