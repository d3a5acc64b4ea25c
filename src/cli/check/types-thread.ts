/** The type-check in a thread of its own: it keeps a processor busy for seconds, while others grade. */

import { parentPort, Worker, workerData } from 'node:worker_threads';
import type { Problem } from '#course/catalogue';
import { typeProblems } from './types.ts';

interface Request {
  readonly typeCheck: string;
}

/** Type errors in the exercises of the course in that folder. */
export function typeProblemsInThread(root: string): Promise<Problem[]> {
  const request: Request = { typeCheck: root };
  const thread = new Worker(new URL(import.meta.url), { workerData: request, execArgv: ['--no-warnings'] });
  return new Promise((resolve, reject) => {
    thread.once('message', resolve).once('error', reject);
  });
}

function isRequest(data: unknown): data is Request {
  return typeof data === 'object' && data !== null && 'typeCheck' in data;
}

if (parentPort && isRequest(workerData)) parentPort.postMessage(typeProblems(workerData.typeCheck));
