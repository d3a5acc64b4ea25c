/** In the thread: everything is loaded before a submission comes; then one is graded, and the thread is done. */

import { URL } from 'node:url';
import { runInThisContext } from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';
import { hardenRealm } from '../harden.ts';
import { serve } from '../harness.ts';
import '../imports.ts';
import type { GradeRequest, GraderMessage } from '../protocol.ts';
import { runGrader } from '../runner.ts';
import { virtualModule } from '../starter.ts';
import { warmUpBetween } from '../warm-up.ts';
import { readExercise } from './exercises.ts';
import { provideStandIn } from './hooks.ts';

const { root, warms } = workerData as { root: string; warms: boolean };
const port = parentPort;
if (!port) throw new Error('grading.ts runs in a worker thread');
const say = port.postMessage.bind(port);
const tell = (message: GraderMessage) => say(message);

// A submission's promise that fails is as silent as in a browser; the runner's are awaited.
process.on('unhandledRejection', () => {});

const evaluate = (expression: string) => runInThisContext(expression);

/** Grades one submission. */
async function answer(request: GradeRequest): Promise<void> {
  const { grader, ...exercise } = readExercise(root, request.exercise);
  provideStandIn(virtualModule(exercise.exports, new URL('../submission.ts', import.meta.url).href));
  if (!warms) hardenRealm();
  await serve({ ...exercise, importGrader: () => import(grader) }, request, { tell, evaluate, runGrader });
}

// Before the realm is hardened: afterwards nothing finds them.
const setTurn = setImmediate;
if (warms) hardenRealm();
const stopWarmUp = warms ? warmUpBetween(evaluate, setTurn) : () => {};

port.once('message', (request: GradeRequest) => {
  stopWarmUp();
  answer(request).catch((error) => tell({ crashed: String(error?.stack ?? error) }));
});
