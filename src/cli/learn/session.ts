/** A learner's session: where they are, what their file came to, what they asked to see. Knows no terminal. */

import { type Exercise, findLesson } from '#course/catalogue';
import { draftPath, openDraft, resetDraft } from '#course/node/drafts';
import { readProgress, updateProgress } from '#course/node/progress-file';
import { predictionsIn } from '#course/predictions';
import {
  givenUp,
  graded,
  hintSeen,
  mayShowSolution,
  opened,
  type Progress,
  predicted,
  progressOf,
} from '#course/progress';
import { appealText } from '#grade/appeal';
import type { Grader, Progress as GradingProgress } from '#grade/node/grade';
import type { Verdict } from '#grade/verdict';
import type { Desk } from '../desk.ts';
import { roomNotice } from '../room.ts';
import { readIfThere, WrongUse } from '../wrong-use.ts';
import { keepAppeal, thisHost } from './appeal.ts';
import { firstOpen, found, listAfter } from './listing.ts';
import { moved, playerOf } from './player.ts';
import { askedIn, firstQuestion, openReading, playerIn, type Reading, reopened, withQuestion } from './reading.ts';
import { atRest, putAway, type State } from './state.ts';

/** What a session needs of whatever shows it. */
export interface Host {
  /** The state is another. */
  changed(state: State): void;
  /** Opens a file in the learner's editor; resolves when that is done, with what there is to say. */
  edit(path: string): Promise<string | undefined>;
  /** The lesson where that key leads, as much of it as can be shown; undefined for a key that leads out. */
  turn(reading: Reading, key: string, progress: Progress): Reading | undefined;
  /** Puts a text on the clipboard, where that can be had. */
  copy(text: string): void;
}

export class Session {
  readonly #desk: Desk;
  readonly #grader: Grader;
  readonly #host: Host;
  #state: State;
  /** The text that was graded last, or is being graded. */
  #seen: string | undefined;
  #run: AbortController | undefined;
  /** What was wrong with the progress when it was opened. */
  #warning: string | undefined;
  /** The lesson's question stands between the learner and the exercise. */
  #asks = false;
  /** It was on the screen, and need not be answered. */
  #wasAsked = false;

  private constructor(desk: Desk, grader: Grader, host: Host, state: State) {
    this.#desk = desk;
    this.#grader = grader;
    this.#host = host;
    this.#state = state;
  }

  /** Opens the exercise of that id, or the first that is neither passed nor given up. */
  static async open(desk: Desk, grader: Grader, host: Host, id?: string): Promise<Session> {
    const catalogue = await desk.catalogue();
    const { progress, warning } = await readProgress(desk.my, desk.now());
    const exercise = catalogue.exercises.find((each) => each.id === id) ?? firstOpen(catalogue, progress);
    if (!exercise) throw new Error('the course has no exercises');
    const session = new Session(desk, grader, host, {
      ...atRest,
      catalogue,
      exercise,
      lesson: undefined,
      path: draftPath(desk.my, exercise.id),
      progress,
      prediction: undefined,
      variant: 'usual',
      told: 0,
    });
    grader.expect(exercise.id);
    await session.#enter(exercise);
    session.#warning = warning;
    if (warning !== undefined) session.#set({ notice: warning });
    return session;
  }

  get state(): State {
    return this.#state;
  }

  /** The learner's file may have changed: grades it if it has. A save during a run ends that run and starts another. */
  async look(): Promise<void> {
    const { exercise } = this.#state;
    const text = await this.#read();
    // Editors put a new file in the place of the old: for a moment there is none.
    if (text === undefined || text === this.#seen || exercise !== this.#state.exercise) return;
    if (this.#asks && text === exercise.starter.text) return;
    if (this.#asks) this.#set({ mode: 'exercise' });
    this.#asks = false;
    this.#seen = text;
    await this.#grade(text, { isAttempt: true });
  }

  /** Does what a key stands for. Returns whether the session goes on. */
  async press(key: string): Promise<boolean> {
    if (key === 'ctrl-c') return false;
    const { mode } = this.#state;
    if (key === 'shift-g' && mode !== 'read') return this.press('g');
    if (mode === 'list') await this.#pressInList(key);
    else if (mode === 'play') this.#pressInPlay(key);
    else if (mode === 'read') await this.#pressInLesson(key);
    else if (mode === 'give up?' || mode === 'reset?') await this.#answer(mode, key === 'y');
    else if (mode === 'help') this.#goBack();
    else if (mode === 'names') this.#set({ mode: 'play' });
    else if (key === 'q') return false;
    else await (mode === 'predict' ? this.#pressOnCover(key) : this.#keys[key]?.());
    return true;
  }

  /** Ends the run that is under way. */
  close(): void {
    this.#run?.abort();
  }

  readonly #ways: Readonly<Record<string, () => void | Promise<void>>> = {
    n: () => this.#step(1),
    p: () => this.#step(-1),
    l: () => this.#set({ mode: 'list', list: { cursor: this.#place(), search: '' }, notice: undefined }),
    m: () => this.#openLesson(),
    '?': () => this.#set({ mode: 'help', notice: undefined }),
  };

  readonly #keys: Readonly<Record<string, () => void | Promise<void>>> = {
    ...this.#ways,
    h: () => this.#hint(),
    s: () => this.#solution(),
    g: () => this.#askToGiveUp(),
    r: () => this.#set({ mode: 'reset?', notice: undefined }),
    t: () => this.#play(false),
    w: () => this.#play(true),
    v: () => this.#vary(),
    a: () => this.#appeal(),
    c: async () => this.#set({ notice: await roomNotice(this.#desk, this.#state) }),
    e: () => this.#edit(),
    return: () => this.#again(),
  };

  #set(change: Partial<State>): void {
    const told = this.#state.told + (change.notice === undefined ? 0 : 1);
    this.#state = { ...this.#state, ...change, told };
    this.#host.changed(this.#state);
  }

  #place(): number {
    return this.#state.catalogue.exercises.indexOf(this.#state.exercise);
  }

  #goBack(): void {
    const before = this.#asks ? 'predict' : 'exercise';
    this.#set({ mode: this.#state.player?.isOfLesson ? 'read' : before, player: undefined, notice: undefined });
  }

  /** Changes progress; what cannot be written is true until the session ends, and said. */
  async #update(change: (before: Progress) => Progress): Promise<{ progress: Progress; notice?: string }> {
    const { progress, warning, unwritten } = await updateProgress(this.#desk.my, change);
    const kept = unwritten ? change(this.#state.progress) : progress;
    this.#state = { ...this.#state, progress: kept };
    return warning === undefined ? { progress: kept } : { progress: kept, notice: warning };
  }

  /** The learner's file; undefined where there is none, or none that can be read. */
  async #read(): Promise<string | undefined> {
    const { exercise, notice } = this.#state;
    try {
      return await readIfThere(exercise, draftPath(this.#desk.my, exercise.id));
    } catch (error) {
      if (!(error instanceof WrongUse)) throw error;
      if (notice !== error.message) this.#set({ notice: error.message });
      return undefined;
    }
  }

  async #enter(exercise: Exercise): Promise<void> {
    this.#run?.abort();
    const lesson = findLesson(this.#state.catalogue, exercise.id);
    const prediction = lesson && predictionsIn(lesson.body)[0];
    const { status, predictions } = progressOf(this.#state.progress, exercise.id);
    const variant = status === 'given-up' ? 'fresh' : 'usual';
    const path = draftPath(this.#desk.my, exercise.id);
    this.#state = { ...this.#state, ...atRest, exercise, lesson, path, prediction, variant };
    this.#seen = await this.#read();
    const isBegun = status !== 'started' || (this.#seen !== undefined && this.#seen !== exercise.starter.text);
    this.#wasAsked = false;
    this.#asks = prediction !== undefined && predictions[prediction.id] === undefined && !isBegun;
    if (this.#asks) this.#set({ mode: 'predict' });
    else await this.#begin();
  }

  /** The exercise itself, its question being answered or none. */
  async #begin(change: Partial<State> = {}): Promise<void> {
    const { exercise } = this.#state;
    this.#asks = false;
    const made = await openDraft(this.#desk.my, exercise);
    const updated = await this.#update((before) => opened(before, exercise.id));
    this.#seen = await this.#read();
    const notice = made ? `my/${exercise.id}.ts is new, made from the starter.` : undefined;
    this.#set({ mode: 'exercise', notice, ...updated, ...change });
    // What was done before is worth a verdict; a starter as it is, is not.
    if (this.#seen !== undefined && this.#seen !== exercise.starter.text)
      void this.#grade(this.#seen, { isAttempt: false });
  }

  async #step(by: number): Promise<void> {
    const exercise = this.#state.catalogue.exercises[this.#place() + by];
    if (exercise) await this.#enter(exercise);
    else this.#set({ notice: by > 0 ? 'This is the last exercise.' : 'This is the first exercise.' });
  }

  /** Before the exercise: its lesson first, which asks its question where it stands. */
  async #pressOnCover(key: string): Promise<void> {
    if (key === ' ') await this.#openLesson();
    else if (key === 'return') await (this.#wasAsked ? this.#begin() : this.#openLesson({ atQuestion: true }));
    else if (this.#ways[key]) await this.#ways[key]();
    else if (this.#keys[key]) this.#set({ notice: 'That is for the exercise: Enter goes there.' });
  }

  /** Shows what was predicted beside what happens. */
  async #recall(): Promise<void> {
    const { exercise, prediction, progress } = this.#state;
    if (!prediction || progressOf(progress, exercise.id).predictions[prediction.id] === undefined) return;
    const answer = await this.#desk.answerTo(prediction);
    if (exercise === this.#state.exercise) this.#set({ recalls: true, answer });
  }

  async #pressInList(key: string): Promise<void> {
    const { catalogue, progress, list, exercise } = this.#state;
    const exercises = found(catalogue, progress, list.search);
    const moved = listAfter(list, key, exercises.length);
    if (key === 'return') await this.#enter(exercises[list.cursor] ?? exercise);
    else if (key === 'escape') this.#goBack();
    else if (moved) this.#set({ list: moved });
  }

  #pressInPlay(key: string): void {
    const player = this.#state.player && moved(this.#state.player, key);
    if (key === '?') this.#set({ mode: 'names' });
    else if (player) this.#set({ player });
    else this.#goBack();
  }

  async #openLesson({ atQuestion = false } = {}): Promise<void> {
    const { exercise, lesson, progress, reading, verdict } = this.#state;
    if (!lesson) return this.#set({ notice: 'This exercise has no lesson.' });
    this.#wasAsked ||= atQuestion;
    const isWhole = progressOf(progress, exercise.id).status === 'passed';
    const goesOn = isWhole && (reading !== undefined || verdict?.outcome === 'passed');
    const opened =
      reading?.isWhole === isWhole ? reopened(reading) : await openReading(this.#desk, lesson, { isWhole, goesOn });
    // Whoever has moved on meanwhile reads another.
    if (exercise !== this.#state.exercise) return;
    const from = atQuestion ? { ...opened, at: firstQuestion(opened) } : opened;
    this.#set({ mode: 'read', reading: this.#host.turn(from, '', progress), notice: undefined });
  }

  async #pressInLesson(key: string): Promise<void> {
    const { exercise, reading, progress } = this.#state;
    if (!reading) return this.#goBack();
    const prediction = askedIn(reading);
    const option = /^[1-9]$/.test(key) ? prediction?.options[Number(key) - 1] : undefined;
    const player = key === 't' ? playerIn(reading) : undefined;
    const turned = this.#host.turn(reading, key, progress);
    if (prediction && option) {
      await this.#update((before) => predicted(before, exercise.id, prediction.id, option.key));
      const answers = { ...reading.answers, [prediction.id]: await this.#desk.answerTo(prediction) };
      this.#set({ reading: withQuestion({ ...reading, answers }, this.#turnTo) });
    } else if (player) this.#set({ mode: 'play', player });
    else if (turned) this.#set({ reading: turned });
    else if (this.#asks && this.#isAnswered()) await this.#begin();
    else this.#goBack();
  }

  readonly #turnTo = (reading: Reading) => this.#host.turn(reading, '', this.#state.progress);

  #isAnswered(): boolean {
    const { exercise, prediction, progress } = this.#state;
    return prediction !== undefined && progressOf(progress, exercise.id).predictions[prediction.id] !== undefined;
  }

  /** Steps through the interleaving that the verdict shows; as a walk, with the reason for each step. */
  #play(isWalk: boolean): void {
    const player = playerOf(this.#state, isWalk);
    this.#set(typeof player === 'string' ? { notice: player } : { mode: 'play', player, notice: undefined });
  }

  async #hint(): Promise<void> {
    const { exercise, hints, showsHints } = this.#state;
    if (hints > 0 && !showsHints) return this.#set({ showsHints: true, notice: undefined });
    if (hints === exercise.hints.length) return this.#set({ notice: 'There are no more hints.' });
    const updated = await this.#update((before) => hintSeen(before, exercise.id, hints + 1));
    this.#set({ hints: hints + 1, showsHints: true, notice: undefined, ...updated });
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
      const updated = await this.#update((before) => givenUp(before, exercise.id));
      return this.#set({ mode: 'exercise', showsSolution: true, variant: 'fresh', notice: undefined, ...updated });
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

  /** The same answer in a harder world, and back. */
  async #vary(): Promise<void> {
    const { exercise, progress, variant } = this.#state;
    if (progressOf(progress, exercise.id).status !== 'passed')
      return this.#set({ notice: 'The harder variant is for those who have passed.' });
    this.#set({ variant: variant === 'harder' ? 'usual' : 'harder' });
    await this.#again();
  }

  /** Writes down all that somebody else needs to judge the answer, and the verdict. */
  async #appeal(): Promise<void> {
    const { exercise, verdict, graded: of } = this.#state;
    if (!verdict || !of) return this.#set({ notice: 'There is no verdict yet: save your file first.' });
    const text = appealText({ verdict, ...of, host: thisHost() });
    const kept = await keepAppeal(this.#desk, exercise.id, text);
    if (kept.name !== undefined) this.#host.copy(text);
    this.#set({ notice: kept.notice });
  }

  async #edit(): Promise<void> {
    const { exercise } = this.#state;
    await openDraft(this.#desk.my, exercise);
    this.#set({ notice: await this.#host.edit(draftPath(this.#desk.my, exercise.id)) });
  }

  async #again(): Promise<void> {
    this.#seen = await this.#read();
    if (this.#seen === undefined) await this.#enter(this.#state.exercise);
    // Not awaited: the next key may end it.
    else void this.#grade(this.#seen, { isAttempt: true });
  }

  /** Grades a text. Of a run that another has overtaken, nothing is shown and nothing remembered. */
  async #grade(source: string, { isAttempt }: { isAttempt: boolean }): Promise<void> {
    this.#run?.abort();
    const run = new AbortController();
    this.#run = run;
    const { exercise, variant } = this.#state;
    const tell = (running: GradingProgress) => run.signal.aborted || this.#set({ running });
    const { mode } = this.#state;
    if (mode === 'play' || mode === 'names' || mode === 'read') this.#set({ mode: 'exercise', player: undefined });
    this.#set({ running: { states: 0 }, notice: undefined });
    try {
      const options = { signal: run.signal, onProgress: tell };
      const verdict = await this.#grader.grade({ exercise: exercise.id, source, variant }, options);
      if (run.signal.aborted) return;
      const isKept = isAttempt || verdict.outcome === 'passed';
      const kept = isKept ? await this.#remember(verdict) : undefined;
      if (run.signal.aborted) return;
      // What a key came to meanwhile is about the time before.
      const notice = this.#state.notice === this.#warning ? {} : { notice: undefined };
      this.#set({ verdict, graded: { source, variant }, running: undefined, ...putAway, ...notice, ...kept });
      if (verdict.outcome === 'passed') await this.#recall();
    } catch (error) {
      if (!run.signal.aborted) this.#set({ running: undefined, notice: `The grader failed: ${wordsOf(error)}` });
    }
  }

  /** What does not compile is no attempt, and the harder variant is beyond what is asked: nothing is written of either. */
  async #remember(verdict: Verdict): Promise<Partial<State>> {
    const { exercise, variant } = this.#state;
    if (verdict.outcome === 'broken' || variant === 'harder') return {};
    return this.#update((before) => graded(before, exercise.id, verdict, this.#desk.now()));
  }
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
