/** In the thread: everything is loaded and warm before a submission comes; then one is graded, and the thread is done. */

import { registerHooks } from 'node:module';
import { runInThisContext } from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';
import { hardenRealm } from '../harden.ts';
import { serve } from '../harness.ts';
import '../imports.ts';
import type { GradeRequest, GraderMessage } from '../protocol.ts';
import { neededGlobals, runGrader, warmUp } from '../runner.ts';
import { virtualModule } from '../starter.ts';
import { readExercise } from './exercises.ts';

const { root } = workerData as { root: string };
const port = parentPort;
if (!port) throw new Error('grading.ts runs in a worker thread');
const say = port.postMessage.bind(port);
const tell = (message: GraderMessage) => say(message);

const standIn = 'faultline:exercise.ts';
let standInText = '';

registerHooks({
  resolve(specifier, context, next) {
    const isGraders = specifier === './exercise.ts' && context.parentURL?.endsWith('/exercise.test.ts');
    return isGraders ? { url: standIn, shortCircuit: true } : next(specifier, context);
  },
  load(url, context, next) {
    return url === standIn ? { format: 'module', source: standInText, shortCircuit: true } : next(url, context);
  },
});

// A submission's promise that fails is as silent as in a browser; the runner's are awaited.
process.on('unhandledRejection', () => {});

/** Grades one submission. */
async function answer(request: GradeRequest): Promise<void> {
  const { grader, ...exercise } = readExercise(root, request.exercise);
  standInText = virtualModule(exercise.exports, new URL('../submission.ts', import.meta.url).href);
  hardenRealm(neededGlobals);
  const evaluate = (expression: string) => runInThisContext(expression);
  await serve({ ...exercise, importGrader: () => import(grader) }, request, { tell, evaluate, runGrader });
}

/** Settles when a submission may come. One that comes sooner waits. */
export const ready = warmUp();

port.once('message', async (request: GradeRequest) => {
  await ready;
  answer(request).catch((error) => tell({ crashed: String(error?.stack ?? error) }));
});
