import { readFileSync } from 'node:fs';
import { runInThisContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import * as explore from '#explore';
import * as linux from '#linux';
import type { Face } from './harness.ts';
import { openGrader } from './node/grade.ts';
import { exploreOwn, type OwnOptions } from './own-exploration.ts';
import { ownSchedule, programIn } from './own-race.ts';
import { ownRaceId } from './own-race-id.ts';
import type { GraderMessage } from './protocol.ts';
import { readChecks } from './read-checks.ts';

const racing = `import { type Cell, cell, type Program, read, type Steps, write } from '#explore';
function* count(n: Cell<number>): Steps {
  const before = yield* read(n);
  yield* write(n, before + 1);
}
export const race: Program<Cell<number>> = {
  name: 'counting',
  setup: () => cell(0, 'n'),
  tasks: (n) => ({ A: () => count(n), B: () => count(n) }),
  check: (n, now) => (now.get(n) === 2 ? undefined : 'lost: one count'),
  outcome: (n, now) => \`\${now.get(n)} counted\`,
};
`;

/** Explores in this thread; `stopsAfter` so many slices. */
async function explored(source: string, options: OwnOptions = {}, stopsAfter = Number.POSITIVE_INFINITY) {
  const heard: GraderMessage[] = [];
  const face: Face = {
    tell: (message) => heard.push(message),
    evaluate: (expression) => runInThisContext(expression),
    readChecks,
    isStopped: async () => heard.length >= stopsAfter,
  };
  return { found: await exploreOwn(source, options, face), heard };
}

describe('the program of a file', () => {
  const program = { name: 'one', setup: () => 1, tasks: () => ({}) };

  test('is its default, or the only one that it has', () => {
    expect(programIn({ size: 3, one: program }).name).toBe('one');
    expect(programIn({ one: program, default: { ...program, name: 'other' } }).name).toBe('other');
  });

  test('tells Linux’s functions by their files, unless it says how', () => {
    expect(programIn({ one: program }).source?.('mutex_lock')).toBe('kernel/locking/mutex.c');
    expect(programIn({ one: { ...program, source: () => 'x.c' } }).source?.('mutex_lock')).toBe('x.c');
  });

  test.each([
    [{}, 'exports nothing'],
    [{ size: 3 }, 'exports size, and none of it is a program. Write: export const race'],
    [{ one: program, two: program }, 'exports 2 programs (one, two). Make the one to explore the default'],
    [{ one: program, default: 3 }, 'none of it is a program'],
    [{ one: { ...program, setup: 1 } }, 'none of it is a program'],
  ])('is missing in %j', (exports, says) => {
    expect(() => programIn(exports)).toThrow(says);
  });
});

describe('exploring it', () => {
  test('finds the shortest way to break it, with the schedule that a link carries', async () => {
    const { found } = await explored(racing);
    expect(found).toMatchObject({
      program: 'counting',
      exploration: { verdict: 'violated', violation: { kind: 'check', schedule: 'A-B2-A', minimal: true } },
      schedule: expect.stringMatching(/^1\.holds\.1\.[0-9a-f]{8}~A-B2-A$/),
    });
  });

  test('finds everything where that is asked for', async () => {
    const { found } = await explored(racing, { stopAt: 'never' });
    expect('exploration' in found && Object.keys(found.exploration.outcomes)).toEqual(['1 counted', '2 counted']);
  });

  test('keeps to a bound on preemptions, and does not call that a proof', async () => {
    const { found } = await explored(racing, { preemptions: 0 });
    expect(found).toMatchObject({ exploration: { verdict: 'gave up', gaveUp: { preemptionsProven: 0 } } });
  });

  test('stops when it is asked to, and says what it knows by then', async () => {
    const long = racing.replace('const before', 'for (let i = 0; i < 200; i++) yield* read(n);\n  const before');
    const { found, heard } = await explored(long, {}, 3);
    expect(heard).toHaveLength(3);
    expect(found).toMatchObject({
      exploration: { verdict: 'gave up', gaveUp: { why: expect.stringContaining('it was stopped') } },
    });
  });

  test('names a forgotten yield* with its line', async () => {
    const { found } = await explored(racing.replace('yield* write', 'write'));
    expect(found).toMatchObject({ exploration: { violation: { kind: 'forgotten yield' } } });
    expect('exploration' in found && found.exploration.violation?.message).toContain('write() in line 4');
  });

  test.each([
    ['const x =', { errors: [{ line: 1 }] }],
    [
      'import fs from "node:fs";',
      { errors: [{ line: 1, message: { text: expect.stringContaining("remove 'node:fs'") } }] },
    ],
    ['throw new Error("boo");', { refused: { native: expect.stringContaining('Error: boo') } }],
    ['export const size = 3;', { refused: { message: { text: expect.stringContaining('exports size') } } }],
    [
      racing.replace("cell(0, 'n')", '(() => { throw new Error("no world"); })()'),
      { refused: { native: expect.stringContaining('no world') } },
    ],
    [racing.replace("cell(0, 'n')", 'new Map()'), { refused: expect.anything() }],
  ])('says of %j why there is nothing to explore', async (source, says) => {
    expect((await explored(source)).found).toMatchObject(says);
  });
});

describe('as an answer to no exercise, for the page', () => {
  const grader = openGrader({ standby: false });

  test('it has one check, whose schedule replays', async () => {
    const { outcome, checks } = await grader.grade({ exercise: ownRaceId, source: racing });
    expect(outcome).toBe('failed');
    expect(checks).toMatchObject([{ id: 'holds', status: 'failed', message: { id: 'violation.check' } }]);
    const replay = checks[0]?.schedule ?? '';
    const { found } = await explored(racing);
    expect('exploration' in found && found.schedule).toBe(replay);
    expect(await grader.replay({ exercise: ownRaceId, source: racing, replay })).toMatchObject({ sameCode: true });
    const other = await grader.replay({ exercise: ownRaceId, source: racing, replay: ownSchedule('A2') });
    expect(other).toMatchObject({ sameCode: false, trace: { ending: { kind: 'returned' } } });
  });

  test('a file without a program fails, with what to write', async () => {
    const { checks } = await grader.grade({ exercise: ownRaceId, source: 'export const size = 3;' });
    expect(checks[0]?.message?.text).toContain('Write: export const race');
  });
});

const readPage = () => readFileSync(new URL('../../content/pages/your-own-race.mdx', import.meta.url), 'utf8');
const readExample = (name: string) => readFileSync(new URL(`../course/own-race/${name}`, import.meta.url), 'utf8');

test('a program may be the whole simulated kernel, as its page shows', async () => {
  const { found } = await explored(readExample('kernel.ts'));
  expect(found).toMatchObject({
    exploration: { violation: { kind: 'bug', message: expect.stringContaining('BUG_ON(!pte_none(*pte))') } },
  });
});

test('what the page’s table names can be written so', async () => {
  const { found } = await explored(readExample('everything.ts'));
  expect(found).toMatchObject({ exploration: { verdict: 'holds', complete: true } });
});

test('what the page’s table names comes from where the page says', () => {
  const page = readPage();
  const cells = [...page.matchAll(/^\| .* \| (.*) \|$/gm)].map(([, cell = '']) => cell);
  const names = new Set(cells.flatMap((cell) => [...cell.matchAll(/\b(\w+)\(/g)].map(([, name = '']) => name)));
  const [, ofLinux = ''] = /^Names with underscores(.*) come from `#linux`/m.exec(page) ?? [];
  const isOfLinux = (name: string) => name.includes('_') || ofLinux.includes(`\`${name}\``);
  expect(names).toContain('declareList');
  for (const name of names) expect(isOfLinux(name) ? linux : explore, name).toHaveProperty(name);
});

describe('what npm run new writes', () => {
  const template = readExample('race.ts');

  test('breaks as it stands', async () => {
    const { found } = await explored(template);
    expect(found).toMatchObject({ exploration: { violation: { kind: 'check', schedule: 'A-B5-A4' } } });
  });

  const [line = ''] = /^ \* {3}(page = .*)$/m.exec(template)?.slice(1) ?? [];
  /** With the line that its comment names in the place of the one it has. */
  const mended = template.replace('page = yield* kzalloc(pageKind);', line);

  const holds = async (source: string) =>
    expect((await explored(source)).found).toMatchObject({ exploration: { verdict: 'holds', complete: true } });

  test('holds with the line that its comment names', async () => {
    expect(mended).not.toBe(template);
    await holds(mended);
  });

  test('holds with the one look that Linux has, under the lock', async () => {
    const linux = mended
      .replace('let page = yield* READ_ONCE(file.disassociate_page);', 'let page: Page | null = null;')
      .replace(/ {2}if \(!page\) \{\n([\s\S]*?) {2}\}\n/, '$1');
    expect(linux).not.toMatch(/let page = yield|if \(!page\) \{/);
    await holds(linux);
  });

  test('and the page mends it with the same line', () => expect(readPage()).toContain(line));
});
