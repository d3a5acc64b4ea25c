/** `npm run learn` in a real terminal, key by key. */

import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { projectRoot } from '../src/course/node/course-files.ts';
import { buildHouse } from './house.ts';
import { Pane, type PaneOptions, whyNoPane } from './pane.ts';

const { house, progress, clear, remove } = buildHouse(projectRoot);
const my = (name: string) => join(house, 'my', name);
const folder = join(projectRoot, 'exercises', '05-one-fault');
const solution = readFileSync(join(folder, 'solution.ts'), 'utf8');
const starter = readFileSync(join(folder, 'exercise.ts'), 'utf8');
const wrong = readFileSync(join(folder, 'wrong', 'always-the-first-entry.ts'), 'utf8');
const entry = () => progress().exercises['one-fault'];

let open: Pane[] = [];
const learn = (args: readonly string[] = [], options: PaneOptions = {}): Pane => {
  const pane = new Pane(house, args, options);
  open.push(pane);
  return pane;
};
/** Saves as an editor does, that exercise being begun. */
const save = (text: string) => {
  mkdirSync(join(house, 'my'), { recursive: true });
  writeFileSync(my('one-fault.ts'), text);
};
/** The session on a file that has been begun: no question stands in the way. */
const begun = async (text: string, options: PaneOptions = {}): Promise<Pane> => {
  save(text);
  const pane = learn(['one-fault'], options);
  await pane.shows(/Not yet|Passed: all|does not compile|Stopped/);
  return pane;
};
/** Ends it, and sees that the terminal is as it was. */
const quit = async (pane: Pane, key: string) => {
  pane.keys(key);
  await pane.shows('ended with 0');
  await pane.shows(/ icanon .*echo /s);
};

beforeEach(clear);
afterEach(() => {
  for (const pane of open) pane.close();
  open = [];
});
afterAll(remove);

describe.skipIf(whyNoPane !== undefined)(
  `npm run learn in a terminal${whyNoPane ? ` (not run: ${whyNoPane})` : ''}`,
  () => {
    it('goes the whole way: question, fail, hint, pass, next, list, reset, quit', async () => {
      const pane = learn();
      await pane.shows(/One fault.*Space opens the lesson/s);
      expect(readdirSync(join(house, 'my'))).toEqual([]);
      pane.keys('Space');
      await pane.shows('The program touches the page once. What does it see?');
      pane.keys('2');
      await pane.shows(/You said: A value.*What happens: Nothing, ever/s);
      expect(entry().predictions).toEqual({ 'one-fault/nopage': 'mapped' });
      pane.keys('q');
      await pane.shows('Save your file, and it is graded.');
      save(wrong);
      await pane.shows('Not yet');
      pane.keys('h');
      await pane.shows('Hint 1 of 3');
      save(solution);
      await pane.shows(/Passed: all 2 checks\..*Your prediction.*In the real kernel:.*Harder/s);
      pane.keys('n');
      await pane.shows(/Be the scheduler.*Space opens the lesson/s);
      pane.keys('l', 'o', 'n', 'e');
      await pane.shows(/Search: one/);
      pane.keys('Enter');
      await pane.shows(/One fault +✓ passed/);
      pane.keys('r', 'y');
      await pane.shows('Your file is the starter again.');
      expect(readFileSync(my('one-fault.ts'), 'utf8')).toBe(starter);
      expect(readdirSync(join(house, 'my')).filter((name) => name.startsWith('one-fault.2'))).toHaveLength(1);
      expect(entry()).toMatchObject({ status: 'passed', attempts: 2, hintsSeen: 1 });
      await quit(pane, 'q');
    });

    it('steps through the counterexample both ways, and walks it with reasons after the third hint', async () => {
      const pane = await begun(wrong);
      pane.keys('w');
      await pane.shows('comes after the third hint');
      pane.keys('t');
      await pane.shows(/step 1 of 15.*pages +v\[0\] empty/s);
      pane.keys('Right', 'Right', 'Left', 'End');
      await pane.shows(/step 15 of 15.*livelock/s);
      pane.keys('Left');
      await pane.shows('step 14 of 15');
      // Escape and a letter in one breath are another key.
      pane.keys('Escape');
      await pane.shows('Not yet');
      pane.keys('h', 'h', 'h', 'w');
      await pane.shows(/step 1 of 15.*the CPU faults/s);
      await quit(pane, 'C-c');
    });

    it('gives up, shows the difference, grades in a fresh world, then in a harder one, and appeals', async () => {
      const pane = await begun(wrong);
      pane.keys('a');
      await pane.shows('.md holds your code');
      const [name = ''] = readdirSync(join(house, 'my')).filter((each) => each.endsWith('.md'));
      expect(readFileSync(my(name), 'utf8')).toMatch(
        /npm run replay -- one-fault '1\.every-page.*always-the-first-entry/s,
      );
      expect(pane.written()).toContain('\u001b]52;c;');
      pane.keys('g', 'y');
      await pane.shows(/\+ +const pfn.*- vma\.vm_start.*graded in a fresh world/s);
      expect(entry().status).toBe('given-up');
      save(solution);
      await pane.shows('This was in the fresh world.');
      expect(entry().status).toBe('passed');
      const before = entry();
      pane.keys('v');
      await pane.shows('This was in the harder world.');
      save(wrong);
      await pane.shows('Not yet');
      expect(entry()).toEqual(before);
    });

    it('stops on Ctrl-Z as any program does, and goes on where it was', async () => {
      const pane = await begun(wrong, { hasJobs: true });
      pane.keys('C-z');
      await pane.shows(/stopped\n.* icanon .*echo /s);
      pane.keys('Enter');
      await pane.shows(/Not yet(?!.*stopped)/s);
      pane.keys('h');
      await pane.shows('Hint 1 of 3');
      await quit(pane, 'q');
    });

    it('takes no notice of Ctrl-Z where nobody could wake it', async () => {
      const pane = await begun(wrong);
      pane.keys('C-z');
      const screen = () => {
        pane.keys('h');
        return pane.screen();
      };
      await expect.poll(screen, { timeout: 60_000, interval: 100 }).toContain('Hint 1 of 3');
    });

    it('has the lesson to read: asks, tells, steps through, and goes back to the exercise', async () => {
      const pane = learn([], { rows: 24 });
      await pane.shows('Space opens the lesson');
      pane.keys('m');
      await pane.shows(/One fault: the lesson.*You will be able to/s);
      for (let page = 0; page < 9 && !pane.screen().includes('What does it see?'); page++) {
        const before = pane.screen();
        pane.keys('PageDown');
        await expect.poll(() => pane.screen()).not.toBe(before);
      }
      pane.keys('3');
      await pane.shows('As you said: Nothing, ever');
      expect(entry().predictions).toEqual({ 'one-fault/nopage': 'livelock' });
      pane.keys('Space', 't');
      await pane.shows(/A touches page 1: step 1 of/);
      pane.keys('Escape');
      await pane.shows('Press t.');
      pane.keys('G');
      await pane.shows(/100 %.*often is the handler called/s);
      pane.keys('Space');
      await pane.shows('So far the lesson goes.');
      pane.keys('q');
      await pane.shows('Save your file, and it is graded.');
      save(solution);
      await pane.shows('Passed: all 2 checks.');
      pane.keys('m');
      await pane.shows(/100 %.*What you proved.*Harder, not graded/s);
    });

    it('hands the terminal to an editor, and takes it back', async () => {
      const editor = join(house, 'editor.sh');
      writeFileSync(
        editor,
        `#!/bin/sh\necho "editing $2 with $1"; read line\ncp '${join(folder, 'solution.ts')}' "$2"\n`,
      );
      chmodSync(editor, 0o755);
      const pane = await begun(wrong, { env: { VISUAL: `${editor} "two words"` } });
      pane.keys('e');
      await pane.shows(`editing ${my('one-fault.ts')} with two words`);
      pane.keys('o', 'k', 'Enter');
      await pane.shows('Passed: all 2 checks.');
      pane.keys('?');
      await pane.shows('Faultline in the terminal');
    });

    it('says so where no editor is set', async () => {
      const pane = await begun(wrong);
      pane.keys('e');
      await pane.shows('Set VISUAL or EDITOR');
    });

    it.each([
      ['a dumb terminal', [], { TERM: 'dumb' }],
      ['--plain', ['--plain'], {}],
    ])('only appends, and draws nothing, on %s', async (_, args, env) => {
      save(wrong);
      const pane = learn(['one-fault', ...args], { env: { ...env, NO_COLOR: '' }, rows: 120 });
      await pane.shows('Not yet');
      pane.keys('t');
      await pane.shows('Step 1 of 15, CPU A');
      pane.keys('Right');
      await pane.shows('Step 2 of 15, CPU A');
      const text = pane.written();
      expect(text).toContain('It ends so: livelock');
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is the point.
      expect(text.slice(text.indexOf('One fault'))).not.toMatch(/[\u001b│─]/);
    });

    it('is all ASCII where the locale has no more, and in 60 columns', async () => {
      const pane = await begun(wrong, { env: { LC_ALL: 'C' }, columns: 60 });
      expect(pane.screen()).toMatch(/^[\n\x20-\x7e]*$/);
      for (const line of pane.screen().split('\n')) expect(line.length).toBeLessThanOrEqual(60);
    });
  },
);

describe.skipIf(whyNoPane !== undefined)('whatever is saved while it runs', () => {
  const body = (text: string) => solution.replace(/const pfn[^\n]*/, `$&\n  ${text}`);
  // Seen from inside the pane: each is told, and the next save is graded.
  const files: readonly (readonly [does: string, source: string, says: RegExp])[] = [
    ['loops for ever', body('while (true) {}'), /A loop does not end/],
    ['throws when it is imported', `${solution}\nthrow new Error('boo');\n`, /Error: boo/],
    ['has a syntax error', 'export function* (', /one-fault\.ts:1:\d+/],
    ['is empty', '', /asks for/],
    ['is huge', `${solution}${'// more\n'.repeat(7_000_000)}`, /too long to be read/],
    [
      'deletes globals',
      `${wrong}\nfor (const name of Object.getOwnPropertyNames(globalThis)) { try { delete (globalThis as any)[name]; } catch {} }\n`,
      /✗ failed/,
    ],
    ['patches Array.prototype', `${wrong}\nArray.prototype.every = () => true;\n`, /Cannot assign to read only/],
    [
      'fills the memory with buffers',
      body('const all = []; for (;;) all.push(new Uint8Array(16 * 1024 * 1024).fill(1));'),
      /more memory than a check may have|nothing has moved/,
    ],
  ];

  it('ends in a clear message, and the next save is graded', async () => {
    const pane = await begun(solution, { env: { FAULTLINE_MEGABYTES: '200' }, rows: 120 });
    for (const [, source, says] of files) {
      save(source);
      await pane.shows(says);
      save(solution);
      await pane.shows('Passed: all 2 checks.');
    }
    expect(entry().status).toBe('passed');
    await quit(pane, 'q');
  });

  it('is overtaken by a later save, also one that hangs, and Ctrl-C ends it at once', async () => {
    const hangs = body("/^(a+)+$/.test(`${'a'.repeat(50)}b`);");
    const pane = await begun(wrong);
    save(hangs);
    await pane.shows('Grading');
    for (let burst = 0; burst < 5; burst++) save(`${solution}// ${burst}\n`);
    await pane.shows('Passed: all 2 checks.');
    expect(entry().attempts).toBe(1);
    save(hangs);
    await pane.shows('Grading');
    await quit(pane, 'C-c');
    expect(entry().attempts).toBe(1);
  });

  it('is noticed also where an editor puts a new file in its place, or the folder is made anew', async () => {
    const pane = await begun(wrong);
    rmSync(join(house, 'my'), { recursive: true });
    save(solution);
    await pane.shows('Passed: all 2 checks.');
  });

  it('is told of a file that cannot be read', async () => {
    const pane = await begun(wrong);
    rmSync(my('one-fault.ts'));
    mkdirSync(my('one-fault.ts'));
    await pane.shows('cannot be read (EISDIR)');
    await quit(pane, 'q');
  });
});

describe.skipIf(whyNoPane !== undefined)('the progress file while it runs', () => {
  const newer = '{"schema": "faultline/progress/2", "exercises": {}}';

  it('is left as it is where a newer version wrote it, and what is done holds until the end', async () => {
    save(wrong);
    writeFileSync(my('progress.json'), newer);
    const pane = learn(['one-fault']);
    await pane.shows(/left as\s+it is/);
    // The verdict puts away what was asked for before it.
    await pane.shows('Not yet');
    pane.keys('g', 'y');
    await pane.shows('graded in a fresh world');
    pane.keys('h', 's');
    await pane.shows(/Hint 1 of 3.*The solution/s);
    expect(readFileSync(my('progress.json'), 'utf8')).toBe(newer);
  });

  it('is set aside where it is broken', async () => {
    save(wrong);
    writeFileSync(my('progress.json'), '{');
    const pane = learn(['one-fault']);
    await pane.shows(/could not be read.*It is kept as/s);
    expect(readdirSync(join(house, 'my')).filter((name) => name.includes('unreadable'))).toHaveLength(1);
  });

  it('loses nothing between two terminals', async () => {
    const [one, other] = [await begun(wrong), await begun(wrong)];
    one.keys('h');
    other.keys('n');
    await other.shows('Be the scheduler');
    save(solution);
    await one.shows('Passed: all 2 checks.');
    other.keys('Enter', 'q', 'Enter', 'h', 'h');
    await other.shows('Hint 2 of 3');
    expect(progress().exercises).toMatchObject({
      'one-fault': { status: 'passed', hintsSeen: 1 },
      'be-the-scheduler': { hintsSeen: 2 },
    });
  });
});
