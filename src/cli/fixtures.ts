/** Traces, verdicts and a desk made by hand, for the tests of what the terminal shows and does. */

import { join } from 'node:path';
import { type CourseFiles, readCatalogue } from '#course/catalogue';
import type { Frame, Trace, TraceStep } from '#explore';
import type { Grader } from '#grade/node/grade';
import type { GradeRequest } from '#grade/protocol';
import { type Check, schema, type Verdict } from '#grade/verdict';
import { version } from '#grade/version';
import type { Desk } from './desk.ts';
import { plainLook } from './look.ts';

/** `handle_pte_fault@mm/memory.c` is the kernel's, `my_fault:12` the learner's. */
export function frame(text: string): Frame {
  const [name = '', file] = text.split('@');
  const [learners = '', line] = name.split(':');
  if (line !== undefined) return { function: learners, line: Number(line) };
  return file === undefined ? { function: name } : { function: name, file };
}

/** A step of a task: its operation, its stack (innermost first), and whatever else it has. */
export function step(task: string, operation: string, stack: string[], more: Partial<TraceStep> = {}): TraceStep {
  return { task, operation, stack: stack.map(frame), plain: [], locks: [], switched: 'no', blocked: [], ...more };
}

/** Two CPUs: A is interrupted, B waits for a lock of A's, gets it, and hits the BUG. */
export const bugTrace: Trace = {
  program: 'two faults on one vma',
  schedule: 'A2-B-A-B',
  ending: { kind: 'bug', message: 'kernel BUG at mm/memory.c: !pte_none(*pte)' },
  steps: [
    step('A', 'pte_none(pte v[0])', ['pte_none', 'handle_pte_fault@mm/memory.c'], { result: 'true' }),
    step('A', 'mutex_lock(vma_lock)', ['mutex_lock@kernel/locking/mutex.c', 'vfio_pci_mmap_fault:12'], {
      plain: [
        {
          operation: 'list_empty(vma_list)',
          result: 'true',
          stack: [frame('list_empty'), frame('vfio_pci_mmap_fault:14')],
        },
      ],
    }),
    step('B', 'pte_none(pte v[0])', ['pte_none', 'handle_pte_fault@mm/memory.c'], {
      result: 'true',
      switched: 'preemption',
      blocked: [{ task: 'B', lock: 'vma_lock', heldBy: ['A'] }],
    }),
    step('A', 'mutex_unlock(vma_lock)', ['mutex_unlock@kernel/locking/mutex.c', 'vfio_pci_mmap_fault:20'], {
      switched: 'switch',
    }),
    step('B', 'set_pte_at(pte v[0], page 4096 of bar0)', ['remap_pte_range@mm/memory.c', 'vfio_pci_mmap_fault:16'], {
      switched: 'switch',
      plain: [{ operation: 'get(mm)', result: 'mm', before: true, stack: [frame('remap_pte_range@mm/memory.c')] }],
    }),
  ],
};

/** A check of a verdict, passed unless told otherwise. */
export function check(id: string, stage: number, more: Partial<Check> = {}): Check {
  return { id, name: `Check ${id}`, stage, status: 'passed', ...more };
}

/** A verdict with the outcome that its checks come to. */
export function verdict(checks: readonly Check[], more: Partial<Verdict> = {}): Verdict {
  const outcome = checks.every(({ status }) => status === 'passed') ? 'passed' : 'failed';
  return { schema, course: version, exercise: 'one-fault', submission: 'abc', outcome, errors: [], checks, ...more };
}

const lesson = (title: string, prerequisites: string) =>
  `---\ntitle: ${title}\npart: 1\nminutes: [5, 10]\ntried: false\nprerequisites: ${prerequisites}\nobjectives: [Map one page]\n---\nText.\n`;

const hints = '## Hint 1\nA nudge.\n\n## Hint 2\nMore.\n\n## Hint 3\nNearly `there`.\n';

/** A course of three exercises, as texts. */
export const smallCourse: CourseFiles = {
  'content/lessons/05-one-fault.mdx': lesson('One fault', '[]'),
  'content/lessons/10-be-the-scheduler.mdx': lesson('Be the scheduler', '[one-fault]'),
  'content/lessons/15-reproduce-the-bug.mdx': lesson('Reproduce the bug', '[be-the-scheduler]'),
  ...Object.fromEntries(
    ['05-one-fault', '10-be-the-scheduler', '15-reproduce-the-bug'].flatMap((name) => [
      [`exercises/${name}/exercise.ts`, `// The starter of ${name}.\n`],
      [`exercises/${name}/exercise.test.ts`, ''],
      [`exercises/${name}/solution.ts`, `// The solution of ${name}.\n`],
      [`exercises/${name}/variants.ts`, ''],
      [`exercises/${name}/hints.md`, hints],
    ]),
  ),
};

/** What a test desk was asked to show and to grade. */
export interface TestDesk extends Desk {
  readonly said: string[];
  readonly complaints: string[];
  readonly written: string[];
  readonly graded: GradeRequest[];
}

/** A desk in a folder of its own, over the small course, whose grader answers as it is told. */
export function testDesk(root: string, answer: (request: GradeRequest) => Verdict | Promise<Verdict>): TestDesk {
  const [said, complaints, written, graded]: [string[], string[], string[], GradeRequest[]] = [[], [], [], []];
  const grader: Grader = {
    grade: async (request) => {
      graded.push(request);
      return answer(request);
    },
    replay: () => Promise.reject(new Error('not in these tests')),
    explore: () => Promise.reject(new Error('not in these tests')),
    expect: () => {},
    close: async () => {},
  };
  return {
    root,
    my: join(root, 'my'),
    standing: root,
    look: plainLook,
    catalogue: async () => readCatalogue(smallCourse),
    openGrader: async () => grader,
    experiments: async () => ({
      shownOf: () => undefined,
      numberOf: () => undefined,
      deedsOf: () => ({ caption: '', deeds: [] }),
      patchOf: (name) => ({ name, subject: '', lines: [] }),
      stepsUnder: () => [],
    }),
    answerTo: async ({ options }) => options.at(-1)?.key,
    say: (...lines) => void said.push(...lines),
    complain: (...lines) => void complaints.push(...lines),
    write: (text) => void written.push(text),
    status: () => {},
    now: () => new Date('2021-06-28T12:36:00Z'),
    interruption: () => ({ signal: new AbortController().signal, release() {} }),
    said,
    complaints,
    written,
    graded,
  };
}
