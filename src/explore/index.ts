/** Runs concurrent programs under every interleaving. Knows nothing of kernels, files or screens. */

export type { Allocatable, Cell, Completion, DeclareField, Lock, LockOptions } from './cells.ts';
export { cell, completion, mutex, object, rwlock, spinlock } from './cells.ts';
export { derived } from './derived.ts';
export { type EstimateOptions, estimate } from './dpor/estimate.ts';
export { explore, start } from './explore.ts';
export type { Operation } from './operations.ts';
export type * from './program.ts';
export { positionAfter, replay } from './replay.ts';
export {
  acquire,
  acquireShared,
  again,
  allocate,
  bug,
  compareAndSwap,
  complete,
  free,
  get,
  getAs,
  join,
  progress,
  read,
  readAs,
  release,
  releaseShared,
  remark,
  set,
  spawn,
  tryAcquire,
  tryAcquireShared,
  update,
  waitFor,
  waitForCompletion,
  warn,
  write,
} from './steps.ts';
