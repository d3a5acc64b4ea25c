/** What a keeper knows of the worker that it watches, from its messages; and the verdict when the worker never gives one. */

import type { Looked } from './explored.ts';
import type { Checking, GradeRequest, GraderMessage } from './protocol.ts';
import { say } from './texts.ts';
import { type Check, type Message, schema, submissionHash, type Verdict } from './verdict.ts';
import { version } from './version.ts';

/** Follows one run, from the request to its end. */
export class Keeper {
  readonly #request: GradeRequest;
  #known: Verdict | undefined;
  #checking: Checking | undefined;
  #looked: Looked = { states: 0 };

  constructor(request: GradeRequest) {
    this.#request = request;
  }

  /** Whether the worker has said anything. */
  get hasHeard(): boolean {
    return this.#known !== undefined || this.#checking !== undefined;
  }

  get progress(): Looked & { readonly checking?: Checking } {
    return { ...this.#looked, ...(this.#checking ? { checking: this.#checking } : {}) };
  }

  hear(message: GraderMessage): void {
    if ('known' in message) this.#known = message.known;
    if ('alive' in message) {
      const { alive: states, interleavings } = message;
      this.#looked = { states, ...(interleavings !== undefined && { interleavings }) };
    }
    if ('checking' in message) {
      this.#checking = message.checking;
      this.#looked = { states: 0 };
    }
    if ('checked' in message) this.#put(message.checked);
  }

  #put(checked: Check): void {
    if (!this.#known) return;
    const checks = this.#known.checks.map((check) => (check.id === checked.id ? checked : check));
    this.#known = { ...this.#known, checks };
    this.#checking = undefined;
  }

  /** The run was ended from outside: the check that ran says why, the others stand as far as they are known. */
  stopped(status: 'hung' | 'not run', message: Message): Verdict {
    const { checks, ...verdict } = this.#known ?? this.#unknown();
    const running = this.#checking ?? { id: 'load', name: say('loading').text };
    const isListed = checks.some((check) => check.id === running.id);
    const all: readonly Check[] = isListed ? checks : [{ ...running, stage: 1, status }, ...checks];
    const ended = all.map((check) => (check.id === running.id ? { ...check, status, message } : check));
    return { ...verdict, outcome: 'stopped', checks: ended };
  }

  #unknown(): Verdict {
    const { exercise, source } = this.#request;
    return {
      schema,
      course: version,
      exercise,
      submission: submissionHash(source),
      outcome: 'stopped',
      errors: [],
      checks: [],
    };
  }
}
