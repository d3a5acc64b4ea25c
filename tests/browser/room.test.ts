/** Codes for the room: from learners' pages, each in a profile of its own, into the instructor's. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { roomKey } from '../../src/site/keys.ts';
import { violationsOn } from './axe.ts';
import { writeFilm } from './film.ts';
import { launch } from './launch.ts';
import { Bench, exercises, type OpenPage, openTab, withSite } from './site.ts';

const site = withSite();
const exercise = exercises.find(({ id }) => id === 'can-the-lock-enclose-it') ?? exercises[0]!;
const wrong = exercise.wrong();
/** Two answers of one belief, and one of another. */
const [first] = wrong as [(typeof wrong)[number]];
const [other] = wrong.filter(({ misconception }) => misconception !== first.misconception) as [typeof first];

async function learnerWith(text: string): Promise<Bench> {
  const bench = await Bench.open(site(), exercise.id);
  await bench.write(text);
  await bench.run();
  return bench;
}

async function codeOf({ page }: Bench): Promise<string> {
  await page.getByRole('button', { name: 'Code for the room' }).click();
  return page.locator('.room-code .code').innerText();
}

async function openRoom(options = {}): Promise<OpenPage> {
  const page = await site().open('/workshop/room/', { colorScheme: 'light', reducedMotion: 'reduce', ...options });
  await page.locator('fault-room[data-ready]').waitFor();
  return page;
}

async function take(page: OpenPage, text: string): Promise<string> {
  await page.getByLabel('Codes').fill(text);
  await page.getByRole('button', { name: 'Take' }).click();
  return page.locator('[data-part=said]').innerText();
}

const picture = (page: OpenPage) => page.locator('.picture');
const beliefs = (page: OpenPage) => page.locator('.beliefs li').allInnerTexts();

/** The last learner's picture, as their screen shows it. */
let photo: Buffer;
const folder = mkdtempSync(join(tmpdir(), 'faultline-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Of three learners: two have the same wrong idea, one is done. */
let codes: string[] = [];
beforeAll(async () => {
  const read = exercise.read.bind(exercise);
  codes = [];
  for (const text of [first.text, first.text, read('solution.ts')]) {
    const bench = await learnerWith(text);
    codes.push(await codeOf(bench));
    photo = await bench.page.locator('.room-code svg').screenshot();
    await bench.page.context().close();
  }
});

describe('the learner’s code', () => {
  test('is another one for each learner, and says on the page what it says', async () => {
    expect(new Set(codes).size).toBe(3);
    const bench = await learnerWith(first.text);
    const code = await codeOf(bench);
    expect(code).toMatch(/^([0-9A-Z]{4}-){2,3}[0-9A-Z]{1,4}$/);
    expect(await bench.page.locator('.room-code').innerText()).toMatch(/It says: \d of 6 checks pass; named is “/);
    expect(await bench.page.evaluate(() => document.activeElement?.className)).toBe('room-code');
    expect(bench.page.complaints).toEqual([]);
  });

  test('follows the verdict, stays the same learner’s, and goes when it is closed', async () => {
    const bench = await learnerWith(first.text);
    const before = await codeOf(bench);
    await bench.write(exercise.read('solution.ts'));
    expect(await bench.run()).toBe('passed');
    const shown = bench.page.locator('.room-code .code');
    await expect.poll(() => shown.innerText()).not.toBe(before);
    const after = await shown.innerText();
    const room = await openRoom();
    await take(room, before);
    expect(await take(room, after)).toBe(`${after} is taken, in place of an earlier one.`);
    await bench.page.locator('.room-code').getByRole('button', { name: 'Close' }).click();
    expect(await bench.page.locator('.room-code').count()).toBe(0);
  });

  test('is accessible in both schemes, and fits into a phone', async () => {
    const bench = await learnerWith(other.text);
    await codeOf(bench);
    expect(await violationsOn(bench.page, '.room-code')).toEqual([]);
    await bench.page.setViewportSize({ width: 320, height: 640 });
    expect(await bench.page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  });
});

describe('the room', () => {
  test('shows where three learners are, and a reload loses nothing', async () => {
    const page = await openRoom();
    expect(await take(page, `Ada: ${codes[0]}, ${codes[1]!.toLowerCase()}\n${codes[2]!.replaceAll('-', ' ')}`)).toBe(
      '3 codes are taken.',
    );
    const told = async () => {
      expect(await picture(page).locator('.sum').innerText()).toBe('1 of 3 done');
      expect(await beliefs(page)).toEqual([expect.stringMatching(/^2 ×/)]);
      expect(await picture(page).locator('.checks li').count()).toBe(6);
      expect(await picture(page).locator('.checks li').allInnerTexts()).toContainEqual(
        expect.stringMatching(/1 of 3 passed, 2 failed/),
      );
    };
    await told();
    await page.reload();
    await page.locator('fault-room[data-ready]').waitFor();
    await told();
    expect(page.complaints).toEqual([]);
  });

  test('says what may be said of a belief', async () => {
    const page = await openRoom();
    await take(page, codes[0]!);
    await page.locator('.beliefs summary').click();
    await page.locator('.beliefs details p').first().waitFor();
    expect((await page.locator('.beliefs details > div').innerText()).length).toBeGreaterThan(100);
  });

  test('tells a slip, and takes what was meant when it is told', async () => {
    const page = await openRoom();
    const [code = ''] = codes;
    const slipped = code.slice(0, -1) + (code.endsWith('0') ? '2' : '0');
    expect(await take(page, slipped)).toBe('One text could not be read: see below.');
    expect(await page.locator('.problems').innerText()).toContain('One character is wrong');
    expect(await page.getByLabel('Codes').inputValue()).toBe(slipped);
    await page.getByRole('button', { name: `It was ${code}` }).click();
    expect(await page.locator('[data-part=said]').innerText()).toBe(`${code} is taken.`);
    expect(await page.getByLabel('Codes').inputValue()).toBe('');
    expect(await page.locator('.problems li').count()).toBe(0);
  });

  test('forgets a code, forgets all, and takes both back', async () => {
    const page = await openRoom();
    await take(page, codes.join(' '));
    await page.getByText('The 3 codes').click();
    await page.getByRole('button', { name: `Forget ${codes[1]}` }).click();
    expect(await picture(page).locator('.sum').innerText()).toBe('1 of 2 done');
    // The list is still open.
    expect(await page.getByRole('button', { name: `Forget ${codes[0]}` }).isVisible()).toBe(true);
    await page.getByRole('button', { name: 'Forget all' }).click();
    expect(await picture(page).count()).toBe(0);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('button', { name: 'Undo' }).click();
    expect(await picture(page).locator('.sum').innerText()).toBe('1 of 3 done');
  });

  test('counts by hand, with the keyboard alone, and a reload loses nothing', async () => {
    const page = await openRoom();
    await page.getByLabel('Exercise').selectOption(exercise.id);
    await page.getByRole('button', { name: 'One more has passed stage 2' }).focus();
    for (const key of ['Enter', 'Space', 'Enter']) await page.keyboard.press(key);
    await page.getByRole('button', { name: 'One fewer has passed stage 2' }).press('Enter');
    const counts = () => page.locator('.tally output').allInnerTexts();
    const counted = (await counts()).map((_, at) => (at === 1 ? '2' : '0'));
    expect(await counts()).toEqual(counted);
    await page.reload();
    await page.locator('fault-room[data-ready]').waitFor();
    expect(await counts()).toEqual(counted);
  });

  test('shows in a second window what is typed in the first', async () => {
    const page = await openRoom();
    const second = await page.context().newPage();
    await second.goto(`${site().url}/workshop/room/`);
    await second.locator('fault-room[data-ready]').waitFor();
    await take(page, codes.join('\n'));
    await expect.poll(() => second.locator('.picture .sum').allInnerTexts()).toEqual(['1 of 3 done']);
  });

  test('keeps what it cannot read, and says so', async () => {
    const page = await openRoom();
    await page.evaluate((key) => localStorage.setItem(key, '{"schema":"faultline/room/9"'), roomKey);
    await page.reload();
    await take(page, codes[0]!);
    const kept = await page.evaluate((key) => localStorage.getItem(`${key}/unreadable`), roomKey);
    expect(kept).toBe('{"schema":"faultline/room/9"');
  });

  test('is accessible in both schemes with all of it in sight, and fits into its window', async () => {
    const page = await openRoom();
    await take(page, [...codes, 'ABCD-123', codes[0]!.slice(0, -1)].join('\n'));
    await page.locator('.beliefs summary').click();
    await page.getByText('The 3 codes').click();
    expect(await violationsOn(page)).toEqual([]);
    for (const width of [1440, 360, 320]) {
      await page.setViewportSize({ width, height: 720 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    }
  });
});

describe('the camera', () => {
  const film = join(folder, 'code.y4m');
  const fake = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];

  test('sees a code on a learner’s screen, takes it once, and is let go', async () => {
    await writeFilm(site().browser, photo, film);
    const browser = await launch([...fake, `--use-file-for-fake-video-capture=${film}`]);
    try {
      const page = await openTab(await browser.newContext(), `${site().url}/workshop/room/`);
      await page.locator('fault-room[data-ready]').waitFor();
      await page.getByRole('button', { name: 'Scan' }).click();
      await expect.poll(() => page.locator('[data-part=said]').innerText()).toBe(`${codes.at(-1)} is taken.`);
      expect(await picture(page).locator('.sum').innerText()).toBe('1 of 1 done');
      // A few more frames of the same code are no news.
      await page.locator('video').evaluate((video: HTMLVideoElement) => {
        const frame = () => new Promise((seen) => video.requestVideoFrameCallback(seen));
        return frame().then(frame).then(frame);
      });
      expect(await page.locator('[data-part=said]').innerText()).toBe(`${codes.at(-1)} is taken.`);
      const stream = await page
        .locator('video')
        .evaluateHandle((video: HTMLVideoElement) => video.srcObject as MediaStream);
      const areLive = () => stream.evaluate((held) => held.getTracks().map(({ readyState }) => readyState));
      expect(await areLive()).toEqual(['live']);
      await page.getByRole('button', { name: 'Scan' }).click();
      expect(await page.locator('video').isVisible()).toBe(false);
      expect(await areLive()).toEqual(['ended']);
      expect(page.complaints).toEqual([]);
    } finally {
      await browser.close();
    }
  });

  test('that is not there is told, and codes can be typed', async () => {
    const page = await openRoom();
    await page.getByRole('button', { name: 'Scan' }).click();
    await expect.poll(() => page.locator('[data-part=said]').innerText()).toMatch(/type the codes\.$/);
    expect(await take(page, codes[0]!)).toBe(`${codes[0]} is taken.`);
  });
});
