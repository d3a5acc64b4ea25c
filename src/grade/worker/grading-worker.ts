/**
 * In the browser's worker: one classic script with everything in it, since a sandboxed frame can start no module worker. The
 * frame's only message brings a port. The worker hardens its realm and rehearses what is expected; on the port comes one request, and back
 * go signs of life and the verdict. Then it is done.
 */

import { exercises } from 'virtual:faultline/exercises';
import { hardenRealm } from '../harden.ts';
import { type GradedExercise, serve } from '../harness.ts';
import { ownRace } from '../own-race.ts';
import type { ExpectRequest, GradeRequest, GraderMessage } from '../protocol.ts';
import { readChecks } from '../read-checks.ts';
import { Rehearsal } from '../rehearsal.ts';

interface WorkerScope {
  onmessage: ((event: MessageEvent) => void) | null;
  importScripts(url: string): void;
}

// Taken before the realm is hardened: afterwards nothing finds them.
const scope = globalThis as unknown as WorkerScope;
const importScript = scope.importScripts.bind(scope);
const makeUrl = URL.createObjectURL.bind(URL);
const ScriptBlob = Blob;
const { defineProperty, deleteProperty } = Reflect;
const turns = new MessageChannel();
const giveTurn = turns.port1.postMessage.bind(turns.port1);

/** After whoever waits for a turn; `setTimeout` would have the others of a chain wait for 4 ms each. */
function later(slice: () => void): void {
  turns.port2.onmessage = slice;
  giveTurn(null);
}

scope.onmessage = ({ ports: [port] }) => {
  scope.onmessage = null;
  if (!port) return;
  const say = port.postMessage.bind(port);
  const tell = (message: GraderMessage) => say(message);
  let rehearsal: Rehearsal | undefined;
  port.onmessage = async ({ data }: MessageEvent<GradeRequest | ExpectRequest>) => {
    if ('expect' in data) {
      const { exercise, source } = data.expect;
      rehearsal ??= new Rehearsal(exerciseOf(exercise), source, { evaluate, readChecks }, later);
      return;
    }
    port.onmessage = null;
    await rehearsal?.end();
    try {
      await serve(exerciseOf(data.exercise), data, { tell, evaluate, readChecks });
    } catch (error) {
      tell({ crashed: error instanceof Error ? `${error.message}\n${error.stack}` : String(error) });
    }
  };
  hardenRealm();
};

function exerciseOf(id: string): GradedExercise {
  const exercise = id === ownRace.id ? ownRace : exercises[id];
  if (!exercise) throw new Error(`there is no exercise “${id}”`);
  return exercise;
}

/** Evaluates by a script of its own: the frame's policy forbids `eval`. */
function evaluate(expression: string): unknown {
  const name = 'faultlineValue';
  let value: unknown;
  const set = (given: unknown) => {
    value = given;
  };
  defineProperty(globalThis, name, { configurable: true, set });
  importScript(makeUrl(new ScriptBlob([`${name} = ${expression}`], { type: 'text/javascript' })));
  deleteProperty(globalThis, name);
  return value;
}
