/** What can be wrong with one operation, or with one task's code. */

import type { ViolationKind } from './program.ts';

/** Kills the task that meets it. Thrown by the rules of operations; never seen by bodies. */
export class Fault {
  readonly kind: ViolationKind;
  readonly message: string;

  constructor(kind: ViolationKind, message: string) {
    this.kind = kind;
    this.message = message;
  }
}
