/** Call stacks: whose frames are shown, and how the texts of the JavaScript engines are read. */

import { expect, test } from 'vitest';
import { called } from './calls.ts';
import type { Cell } from './cells.ts';
import { cell } from './cells.ts';
import { programWith } from './fixtures/programs.ts';
import { replay } from './replay.ts';
import { framesOf, tellThrown } from './stacks.ts';
import { write } from './steps.ts';

const files: Record<string, string> = { handle_mm_fault: 'mm/memory.c', do_fault: 'mm/memory.c' };
const sourceOf = (name: string) => files[name];

test('V8: the learner’s frames with their line, the kernel’s with their file, up to the engine', () => {
  const stack = `Error
    at new Operation (file:///src/explore/operations.ts:40:20)
    at write (file:///src/explore/steps.ts:27:9)
    at write.next (<anonymous>)
    at helper$$ (exercise.ts:12:5)
    at helper$$.next (<anonymous>)
    at Object.fault$ [as fault] (eval at load (file:///src/grade/load.ts:1:1), exercise.ts:7:3)
    at do_fault (file:///src/linux/mm/memory.ts:88:10)
    at handle_mm_fault (file:///src/linux/mm/memory.ts:99:10)
    at resumeBody (file:///src/explore/runs.ts:40:10)
    at handle_mm_fault (file:///src/linux/mm/memory.ts:99:10)`;
  expect(framesOf(stack, sourceOf)).toEqual([
    { function: 'helper', line: 12 },
    { function: 'fault', line: 7 },
    { function: 'do_fault', file: 'mm/memory.c' },
    { function: 'handle_mm_fault', file: 'mm/memory.c' },
  ]);
});

test('Firefox and Safari: the same', () => {
  const stack = `Operation@https://course/grader.js:40:20
write@https://course/grader.js:27:9
fault$@exercise.ts:7:3
do_fault@https://course/grader.js:88:10
handle_mm_fault*@https://course/grader.js:99:10
resumeBody@https://course/grader.js:40:10
run@https://course/grader.js:1:1`;
  expect(framesOf(stack, sourceOf)).toEqual([
    { function: 'fault', line: 7 },
    { function: 'do_fault', file: 'mm/memory.c' },
    { function: 'handle_mm_fault', file: 'mm/memory.c' },
  ]);
});

test('no stack, no frames', () => {
  expect(framesOf(undefined, sourceOf)).toEqual([]);
  expect(framesOf('Error\n    at somewhere.else', sourceOf)).toEqual([]);
});

test('a replay shows the frames of the program’s functions, innermost first, through calls that are registered', () => {
  function* innermost(x: Cell<number>) {
    yield* write(x, 1);
  }
  function* outer(x: Cell<number>) {
    yield* called('innermost', innermost(x));
  }
  const program = programWith(
    () => cell(0, 'x'),
    (x) => ({ A: () => outer(x) }),
    { source: (name) => (name === 'innermost' || name === 'outer' ? `${name}.c` : undefined) },
  );
  expect(replay(program, '').steps[0]?.stack).toEqual([
    { function: 'innermost', file: 'innermost.c' },
    { function: 'outer', file: 'outer.c' },
  ]);
});

test('what was thrown is told with the learner’s line, and whatever it is', () => {
  const inFile = (stack: string) => Object.assign(new TypeError('no pgd'), { stack });
  expect(
    tellThrown(inFile('TypeError: no pgd\n    at helper$ (exercise.ts:9:3)\n    at fault$ (exercise.ts:4:1)')),
  ).toBe('TypeError: no pgd (line 9)');
  expect(tellThrown(inFile('helper$@exercise.ts:9:3'))).toBe('TypeError: no pgd (line 9)');
  expect(tellThrown(inFile('TypeError\n    at apply (operations.ts:7:3)'))).toBe('TypeError: no pgd');
  expect(tellThrown('a string')).toBe('a string');
  expect(tellThrown({ toString: () => ({}) })).toBe('an object that cannot be shown');
});
