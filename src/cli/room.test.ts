import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readCatalogue } from '#course/catalogue';
import { readCode } from '#course/gauge/code';
import { gaugedIn } from '#course/gauge/gauged';
import { openDraft } from '#course/node/drafts';
import { roomNumber } from '#course/node/room-numbers';
import { check, smallCourse, type TestDesk, testDesk, verdict } from './fixtures.ts';
import { gradeCommand } from './grade-command.ts';
import { roomNotice } from './room.ts';

const catalogue = readCatalogue({
  ...smallCourse,
  'exercises/05-one-fault/exercise.test.ts': "test('One', { meta: { id: 'one', stage: 1 } }, () => {});\n'no-recheck';",
  'content/misconceptions/no-recheck.md': '---\ntitle: A lock removes the race.\n---\n\nIt does not.\n',
});
const failed = verdict([check('one', 1, { status: 'failed', misconception: 'no-recheck' })]);
const reportIn = (text: string) => {
  const code = /Code for the room: ([0-9A-Z-]+)\./.exec(text)?.[1] ?? '';
  const reading = readCode(code, gaugedIn(catalogue));
  return reading.is === 'report' ? reading.report : reading;
};

let root: string;
let desk: TestDesk;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'faultline-'));
  desk = { ...testDesk(root, () => failed), catalogue: async () => catalogue };
  await openDraft(desk.my, catalogue.exercises[0]!);
});
afterEach(() => rm(root, { recursive: true }));

it('is told after the verdict, where it is asked for', async () => {
  expect(await gradeCommand(desk, ['one-fault'])).toBe(1);
  expect(desk.said.join('\n')).not.toContain('Code for the room');
  expect(await gradeCommand(desk, ['one-fault', '--code'])).toBe(1);
  expect(desk.said.at(-1)).toMatch(/It says: 0 of 1 checks pass; named is “A lock removes the race”\.$/);
  expect(reportIn(desk.said.at(-1)!)).toMatchObject({
    exercise: 'one-fault',
    checks: ['failed'],
    misconception: 'no-recheck',
  });
});

it.each([['--json'], ['--report', 'tap']])('is for people: not with %s', async (...args) => {
  expect(await gradeCommand(desk, ['one-fault', '--code', ...args])).toBe(2);
  expect([...desk.complaints, ...desk.written].join('\n')).toContain('--code is for people');
});

it('is told in a session, of the usual worlds alone', async () => {
  const of = (variant: 'usual' | 'harder') => ({ catalogue, verdict: failed, graded: { variant } });
  expect(reportIn(await roomNotice(desk, of('usual')))).toMatchObject({ checks: ['failed'] });
  expect(await roomNotice(desk, of('harder'))).toContain('v leads back');
  expect(await roomNotice(desk, { ...of('usual'), verdict: undefined })).toContain('save your file first');
});

it('is the same learner’s each time, and of each exercise another’s', async () => {
  const number = await roomNumber(desk.my, 'one-fault');
  expect(await roomNumber(desk.my, 'one-fault')).toBe(number);
  await roomNumber(desk.my, 'be-the-scheduler');
  const kept = JSON.parse(await readFile(join(desk.my, 'room.json'), 'utf8'));
  expect(kept).toEqual({ 'one-fault': number, 'be-the-scheduler': expect.any(Number) });
  expect(kept['be-the-scheduler']).not.toBe(number);
});

it.each(['{', 'null', '[]', '{"one-fault":99999}', '{"one-fault":"7"}'])(
  'is drawn anew where %s is kept',
  async (text) => {
    await writeFile(join(desk.my, 'room.json'), text);
    const number = await roomNumber(desk.my, 'one-fault');
    expect(number).toBeLessThan(32 ** 3);
    expect(JSON.parse(await readFile(join(desk.my, 'room.json'), 'utf8'))['one-fault']).toBe(number);
  },
);

it('lasts as long as the process where nothing can be kept', async () => {
  const nowhere = join(desk.my, 'one-fault.ts');
  expect(await roomNumber(nowhere, 'nowhere')).toBe(await roomNumber(nowhere, 'nowhere'));
});
