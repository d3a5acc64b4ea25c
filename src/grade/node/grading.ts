/** In the thread: everything is loaded before a submission comes; then one is graded, and the thread is done. */

import { URL } from 'node:url';
import { runInThisContext } from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';
import { hardenRealm } from '../harden.ts';
import { type GradedExercise, serve } from '../harness.ts';
import '../imports.ts';
import { ownRace } from '../own-race.ts';
import type { ExpectRequest, GradeRequest, GraderMessage, StopRequest } from '../protocol.ts';
import { readChecks } from '../read-checks.ts';
import { Rehearsal } from '../rehearsal.ts';
import { virtualModule } from '../starter.ts';
import { readExercise } from './exercises.ts';
import { provideStandIn } from './hooks.ts';

const { root } = workerData as { root: string };
const port = parentPort;
if (!port) throw new Error('grading.ts runs in a worker thread');
const say = port.postMessage.bind(port);
const tell = (message: GraderMessage) => say(message);

// A submission's promise that fails is as silent as in a browser; the runner's are awaited.
process.on('unhandledRejection', () => {});

const evaluate = (expression: string) => runInThisContext(expression);

// Before the realm is hardened: afterwards nothing finds them.
const setTurn = setImmediate;

let mustStop = false;

/** Whether it has been asked to stop: messages come in between two turns. */
const isStopped = () => new Promise<boolean>((resolve) => void setTurn(() => resolve(mustStop)));

/** How often graders have been evaluated. */
let evaluations = 0;
let rehearsal: Rehearsal | undefined;

/** Grades one submission. */
async function answer(request: GradeRequest): Promise<void> {
  const exercise = request.exercise === ownRace.id ? ownRace : exerciseOf(request.exercise);
  if (!rehearsal) hardenRealm();
  await serve(exercise, request, { tell, evaluate, readChecks, isStopped });
}

function exerciseOf(id: string): GradedExercise {
  const { grader, ...exercise } = readExercise(root, id);
  provideStandIn(virtualModule(exercise.exports, new URL('../submission.ts', import.meta.url).href));
  return { ...exercise, importGrader: () => import(`${grader}?${++evaluations}`) };
}

function expect({ exercise, source }: ExpectRequest['expect']): void {
  const expected = exerciseOf(exercise);
  hardenRealm();
  rehearsal = new Rehearsal(expected, source, { evaluate, readChecks }, setTurn);
}

port.on('message', async (request: GradeRequest | StopRequest | ExpectRequest) => {
  mustStop = 'stop' in request;
  if ('stop' in request) return;
  if ('expect' in request) return expect(request.expect);
  await rehearsal?.end();
  answer(request).catch((error) => tell({ crashed: String(error?.stack ?? error) }));
});
