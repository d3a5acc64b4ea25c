/** Every exercise's solution, graded again and again in this thread. Grading's hooks must be there before it is loaded. */

import { URL } from 'node:url';
import { runInThisContext } from 'node:vm';
import { hardenRealm } from '../../src/grade/harden.ts';
import { serve } from '../../src/grade/harness.ts';
import { exerciseFolders, projectRoot, readExercise, solutionOf } from '../../src/grade/node/exercises.ts';
import { provideStandIn } from '../../src/grade/node/hooks.ts';
import type { GraderMessage } from '../../src/grade/protocol.ts';
import { readChecks } from '../../src/grade/read-checks.ts';
import { virtualModule } from '../../src/grade/starter.ts';

// Taken before the realm is hardened: afterwards nothing finds it.
const cpuUsage = process.threadCpuUsage.bind(process);
const submission = new URL('../../src/grade/submission.ts', import.meta.url).href;

const WARMING_UP = 3;
const GRADINGS = 5;

const graded = Object.keys(exerciseFolders(projectRoot)).map((id) => {
  const { grader, ...exercise } = readExercise(projectRoot, id);
  const standIn = virtualModule(exercise.exports, submission);
  return { exercise, grader, standIn, source: solutionOf(projectRoot, id) };
});

/** How often graders have been evaluated, each time anew. */
let evaluations = 0;

async function gradeAll(): Promise<void> {
  for (const { exercise, grader, standIn, source } of graded) {
    provideStandIn(standIn);
    const importGrader = () => import(`${grader}?${++evaluations}`);
    let last: GraderMessage | undefined;
    const tell = (message: GraderMessage) => {
      last = message;
    };
    const evaluate = (expression: string) => runInThisContext(expression);
    await serve({ ...exercise, importGrader }, { exercise: exercise.id, source }, { tell, evaluate, readChecks });
    if (!last || !('verdict' in last) || last.verdict.outcome !== 'passed')
      throw new Error(`the solution of ${exercise.id} has not passed: ${JSON.stringify(last)}`);
  }
}

/** CPU seconds of this thread for some gradings of every solution. */
export async function secondsOfGradings(isFrozen: boolean): Promise<number> {
  if (isFrozen) hardenRealm();
  for (let round = 0; round < WARMING_UP; round++) await gradeAll();
  const before = cpuUsage();
  for (let round = 0; round < GRADINGS; round++) await gradeAll();
  const { user, system } = cpuUsage(before);
  return (user + system) / 1e6;
}
