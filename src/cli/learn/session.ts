/** A learner's session: where they are, what their file came to, what they asked to see. Knows no terminal. */

import { readFile } from 'node:fs/promises';
import { type Catalogue, type Exercise, findLesson, type Lesson } from '#course/catalogue';
import { draftPath, openDraft, resetDraft } from '#course/node/drafts';
import { isCode } from '#course/node/errors';
import { readProgress, updateProgress } from '#course/node/progress-file';
import { givenUp, hintSeen, mayShowSolution, noProgress, opened, type Progress, progressOf } from '#course/progress';
import type { Grader, Progress as GradingProgress } from '#grade/node/grade';
import type { Verdict } from '#grade/verdict';
import type { Desk } from '../desk.ts';
import { remember } from '../remember.ts';

export type Mode = 'exercise' | 'list' | 'help' | 'give up?' | 'reset?';

/** What a screen shows. */
export interface State {
  readonly catalogue: Catalogue;
  readonly exercise: Exercise;
  readonly lesson: Lesson | undefined;
  readonly progress: Progress;
  readonly mode: Mode;
  /** In the list: the exercise that Enter would open. */
  readonly cursor: number;
  readonly verdict: Verdict | undefined;
  /** A run is under way. */
  readonly running: GradingProgress | undefined;
  /** How many hints are shown. */
  readonly hints: number;
  readonly showsSolution: boolean;
  /** What the last key came to, in a line or two. */
  readonly notice: string | undefined;
}

const atRest = { verdict: undefined, running: undefined, hints: 0, showsSolution: false, notice: undefined } as const;

export class Session {
  readonly #desk: Desk;
  readonly #grader: Grader;
  readonly #changed: (state: State) => void;
  #state: State;
  /** The text that was graded last, or is being graded. */
  #seen: string | undefined;
  #run: AbortController | undefined;

  private constructor(desk: Desk, grader: Grader, changed: (state: State) => void, state: State) {
    this.#desk = desk;
    this.#grader = grader;
    this.#changed = changed;
    this.#state = state;
  }

  /** Opens the exercise of that id, or the first that is neither passed nor given up. `changed` is called at every change. */
  static async open(desk: Desk, grader: Grader, changed: (state: State) => void, id?: string): Promise<Session> {
    const catalogue = await desk.catalogue();
    const { progress, warning } = await readProgress(desk.my, desk.now());
    const exercise = catalogue.exercises.find((each) => each.id === id) ?? firstOpen(catalogue, progress);
    if (!exercise) throw new Error('the course has no exercises');
    const state = { catalogue, exercise, lesson: undefined, progress, mode: 'exercise', cursor: 0, ...atRest } as const;
    const session = new Session(desk, grader, changed, state);
    await session.#enter(exercise);
    if (warning !== undefined) session.#set({ notice: warning });
    return session;
  }

  get state(): State {
    return this.#state;
  }

  /** The learner's file may have changed: grades it if it has. A save during a run ends that run and starts another. */
  async look(): Promise<void> {
    const { exercise } = this.#state;
    const text = await readIfAny(draftPath(this.#desk.my, exercise.id));
    // Editors put a new file in the place of the old: for a moment there is none.
    if (text === undefined || text === this.#seen || exercise !== this.#state.exercise) return;
    this.#seen = text;
    await this.#grade(text, { isAttempt: true });
  }

  /** Does what a key stands for. Returns whether the session goes on. */
  async press(key: string): Promise<boolean> {
    if (key === 'ctrl-c') return false;
    const { mode } = this.#state;
    if (mode === 'list') await this.#pressInList(key);
    else if (mode === 'give up?' || mode === 'reset?') await this.#answer(mode, key === 'y');
    else if (mode === 'help') this.#set({ mode: 'exercise' });
    else if (key === 'q') return false;
    else await this.#keys[key]?.();
    return true;
  }

  /** Ends the run that is under way. */
  close(): void {
    this.#run?.abort();
  }

  readonly #keys: Readonly<Record<string, () => void | Promise<void>>> = {
    n: () => this.#step(1),
    p: () => this.#step(-1),
    l: () => this.#set({ mode: 'list', cursor: this.#place() }),
    h: () => this.#hint(),
    s: () => this.#solution(),
    g: () => this.#askToGiveUp(),
    r: () => this.#set({ mode: 'reset?' }),
    '?': () => this.#set({ mode: 'help' }),
    return: () => this.#again(),
  };

  #set(change: Partial<State>): void {
    this.#state = { ...this.#state, ...change };
    this.#changed(this.#state);
  }

  #place(): number {
    return this.#state.catalogue.exercises.indexOf(this.#state.exercise);
  }

  async #enter(exercise: Exercise): Promise<void> {
    this.#run?.abort();
    const made = await openDraft(this.#desk.my, exercise);
    const { progress } = await updateProgress(this.#desk.my, (before) => opened(before, exercise.id));
    const lesson = findLesson(this.#state.catalogue, exercise.id);
    this.#seen = await readIfAny(draftPath(this.#desk.my, exercise.id));
    const notice = made ? `my/${exercise.id}.ts is new, made from the starter.` : undefined;
    this.#set({ ...atRest, exercise, lesson, progress, mode: 'exercise', notice });
    // What was done before is worth a verdict; a starter as it is, is not.
    if (this.#seen !== undefined && this.#seen !== exercise.starter.text)
      void this.#grade(this.#seen, { isAttempt: false });
  }

  async #step(by: number): Promise<void> {
    const exercise = this.#state.catalogue.exercises[this.#place() + by];
    if (exercise) await this.#enter(exercise);
    else this.#set({ notice: by > 0 ? 'This is the last exercise.' : 'This is the first exercise.' });
  }

  async #pressInList(key: string): Promise<void> {
    const { exercises } = this.#state.catalogue;
    const { cursor } = this.#state;
    const move = (to: number) => this.#set({ cursor: Math.max(0, Math.min(exercises.length - 1, to)) });
    if (key === 'down' || key === 'n' || key === 'j') move(cursor + 1);
    else if (key === 'up' || key === 'p' || key === 'k') move(cursor - 1);
    else if (key === 'return') await this.#enter(exercises[cursor] ?? this.#state.exercise);
    else this.#set({ mode: 'exercise' });
  }

  async #hint(): Promise<void> {
    const { exercise, hints } = this.#state;
    if (hints === exercise.hints.length) return this.#set({ notice: 'There are no more hints.' });
    const { progress } = await updateProgress(this.#desk.my, (before) => hintSeen(before, exercise.id, hints + 1));
    this.#set({ hints: hints + 1, progress, notice: undefined });
  }

  #solution(): void {
    const { exercise, progress } = this.#state;
    if (mayShowSolution(progress, exercise.id)) this.#set({ showsSolution: true, notice: undefined });
    else this.#set({ notice: 'The solution is shown when you have passed. To see it now, give up: press g.' });
  }

  #askToGiveUp(): void {
    const { exercise, progress } = this.#state;
    if (mayShowSolution(progress, exercise.id)) this.#solution();
    else this.#set({ mode: 'give up?', notice: undefined });
  }

  async #answer(question: 'give up?' | 'reset?', isYes: boolean): Promise<void> {
    if (!isYes) return this.#set({ mode: 'exercise', notice: 'Nothing was changed.' });
    const { exercise } = this.#state;
    if (question === 'give up?') {
      const { progress } = await updateProgress(this.#desk.my, (before) => givenUp(before, exercise.id));
      return this.#set({ mode: 'exercise', progress, showsSolution: true, notice: undefined });
    }
    const copy = await resetDraft(this.#desk.my, exercise, this.#desk.now());
    await this.#enter(exercise);
    this.#set({
      notice:
        copy === undefined
          ? 'Your file is the starter.'
          : `Your file is the starter again. What was there is my/${copy}.`,
    });
  }

  async #again(): Promise<void> {
    this.#seen = await readIfAny(draftPath(this.#desk.my, this.#state.exercise.id));
    if (this.#seen === undefined) await this.#enter(this.#state.exercise);
    // Not awaited: the next key may end it.
    else void this.#grade(this.#seen, { isAttempt: true });
  }

  /** Grades a text. Of a run that another has overtaken, nothing is shown and nothing remembered. */
  async #grade(source: string, { isAttempt }: { isAttempt: boolean }): Promise<void> {
    this.#run?.abort();
    const run = new AbortController();
    this.#run = run;
    const { exercise } = this.#state;
    const tell = (running: GradingProgress) => run.signal.aborted || this.#set({ running });
    this.#set({ running: { states: 0 }, notice: undefined });
    try {
      const options = { signal: run.signal, onProgress: tell };
      const verdict = await this.#grader.grade({ exercise: exercise.id, source }, options);
      if (run.signal.aborted) return;
      const isKept = isAttempt || verdict.outcome === 'passed';
      const kept = isKept ? await remember(this.#desk, exercise.id, verdict) : undefined;
      if (!run.signal.aborted) this.#set({ verdict, running: undefined, ...kept });
    } catch (error) {
      if (run.signal.aborted) return;
      this.#set({
        running: undefined,
        notice: `The grader failed: ${error instanceof Error ? error.message : String(error)}`,
      });
    }
  }
}

function firstOpen({ exercises }: Catalogue, progress: Progress = noProgress()): Exercise | undefined {
  const statusOf = ({ id }: Exercise) => progressOf(progress, id).status;
  const isOpen = (exercise: Exercise) => statusOf(exercise) === 'started';
  // Whoever has passed a later one has done with those before it, in the browser perhaps.
  const ahead = exercises.slice(exercises.findLastIndex((each) => statusOf(each) === 'passed') + 1);
  return ahead.find(isOpen) ?? exercises.find(isOpen) ?? exercises[0];
}

async function readIfAny(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
