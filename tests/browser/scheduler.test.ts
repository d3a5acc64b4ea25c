/** You are the scheduler: the reader chooses who moves, and the course's own worker plays it. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { violationsOn } from './axe.ts';
import { type OpenPage, root, withSite } from './site.ts';

const site = withSite();
type Options = Parameters<ReturnType<typeof site>['open']>[1];

class Play {
  readonly page: OpenPage;
  readonly nth: number;

  constructor(page: OpenPage, nth = 0) {
    this.page = page;
    this.nth = nth;
  }

  static async begin(lesson: string, { nth = 0, ...options }: Options & { nth?: number } = {}): Promise<Play> {
    const page = await site().open(`/lessons/${lesson}/`, options);
    await unfold(page);
    const play = new Play(page, nth);
    await play.press('Begin');
    await play.moves('A').waitFor();
    return play;
  }

  get scheduler() {
    return this.page.locator('fault-scheduler').nth(this.nth);
  }

  part = (name: string) => this.scheduler.locator(`[data-part=${name}]`);
  moves = (task: string) => this.scheduler.locator(`[data-move=${task}]`);
  press = (name: string) => this.scheduler.getByRole('button', { name, exact: true }).click();
  at = () => this.part('stepper').locator('output').innerText();

  /** Plays a schedule by its buttons, waiting for each to have come. */
  async play(schedule: string): Promise<void> {
    for (const turn of schedule.split('-')) {
      const [, task = '', count = '1'] = /^([A-Z]+)(\d*)$/.exec(turn) ?? [];
      for (let step = 0; step < Number(count || 1); step++) {
        const next = Number(/^\d+/.exec(await this.at())) + 1;
        await this.moves(task).click();
        await this.stands(next);
      }
    }
  }

  /** Until it stands after so many steps. */
  async stands(steps: number): Promise<void> {
    await this.part('stepper')
      .locator('output', { hasText: new RegExp(`^${steps} of `) })
      .waitFor();
  }

  async ended(text: string | RegExp): Promise<void> {
    await this.part('end').filter({ hasText: text }).waitFor();
  }
}

/** Opens what tells the answers, where the game is in it. */
async function unfold(page: OpenPage): Promise<void> {
  for (const summary of await page.locator('details:not([open]):has(fault-scheduler) > summary').all())
    await summary.click();
}

const folder = join(root, 'content/lessons');
/** All lessons of parts 2 and 3. */
const lessons = readdirSync(folder)
  .filter((name) => name.endsWith('.mdx') && /^part: [23]$/m.test(readFileSync(join(folder, name), 'utf8')))
  .map((name) => name.replace(/^\d+-|\.mdx$/g, ''));

describe('the scheduler', () => {
  test('plays what is chosen, and says why a CPU cannot move', async () => {
    const play = await Play.begin('can-the-lock-enclose-it');
    expect(await play.moves('A').innerText()).toContain('walk(v[0])');
    await play.play('A4-B3');
    expect(await play.part('cpus').innerText()).toContain('waits for vma_lock, held by A');
    expect(await play.moves('B').count()).toBe(0);
    expect(await play.part('spoken').textContent()).toContain('B waits for vma_lock, held by A');
    expect(await play.at()).toBe('7 of 7');
    expect(await play.part('scores').innerText()).toContain('1 preemption, 1 switch, 7 steps');
    expect(play.page.complaints).toEqual([]);
  });

  test('takes moves back, gives them again in the stepper, and goes on from there', async () => {
    const play = await Play.begin('can-the-lock-enclose-it');
    await play.play('A2-B');
    await play.press('Undo');
    await play.stands(2);
    expect(await play.at()).toBe('2 of 3');
    await play.part('stepper').getByRole('button', { name: 'Forward' }).click();
    expect(await play.at()).toBe('3 of 3');
    await play.part('stepper').locator('tbody tr:first-child').click();
    expect(await play.part('scores').innerText()).toContain('0 preemptions, 0 switches, 1 step.');
    await play.play('A');
    expect(await play.at()).toBe('2 of 2');
    await play.press('Start over');
    await play.stands(0);
    expect(await play.part('undo').getAttribute('aria-disabled')).toBe('true');
  });

  test('tells when the goal is reached, keeps the best score, and shows the checker’s way beside it', async () => {
    const play = await Play.begin('can-the-lock-enclose-it');
    // Both have seen their entries empty: whoever comes second dies. But that takes a preemption more than is needed.
    await play.play('A3-B3-A');
    await play.scheduler.locator('[data-on=A]').click();
    await play.scheduler.locator('[data-on=B]').click();
    await play.ended(/Reached: BUG_ON.*The checker knows a shorter way/);
    const first = await play.part('scores').innerText();
    await play.press('Start over');
    await play.stands(0);
    await play.play('A3');
    await play.scheduler.locator('[data-on=B]').click();
    await play.scheduler.locator('[data-on=A]').click();
    await play.ended('No way is shorter');
    const best = /Your best: (.*)/.exec(await play.part('scores').innerText())?.[1];
    expect(first).not.toContain(best);
    expect(best).toBe('1 preemption, 2 switches, 26 steps.');
    await play.press('Compare with the checker’s shortest');
    await play.part('compared').locator('tbody tr').last().waitFor();
    expect(await play.part('compared').locator('tbody tr').count()).toBe(26);
    await play.page.reload();
    await play.press('Begin');
    await play.moves('A').waitFor();
    expect(await play.part('scores').innerText()).toContain(best);
    await play.press('Open your best');
    await play.part('stepper').locator('output', { hasText: '0 of 26' }).waitFor();
  });

  test('is played by keys alone, and only while it has the focus', async () => {
    const play = await Play.begin('what-was-merged', { nth: 1 });
    // The choices have the focus once it has begun.
    for (const [keys, steps] of [
      ['aaaa', 4],
      ['zz', 6],
    ] as const) {
      await play.page.keyboard.type(keys);
      await play.stands(steps);
    }
    await play.ended(/Reached: A waits for vma_lock, held by Z.*No way is shorter/);
    expect(await play.scheduler.evaluate((element) => element.contains(document.activeElement))).toBe(true);
    expect(await play.part('log').innerText()).toContain('would print');
    await play.page.keyboard.press('u');
    await play.stands(5);
    expect(await play.part('log').innerText()).toBe('');
    await play.page.locator('#main').focus();
    await play.page.keyboard.press('u');
    await play.part('stepper').locator('.lanes').focus();
    await play.page.keyboard.press('ArrowLeft');
    await play.stands(4);
  });

  test('lets one play on where nothing can break', async () => {
    const play = await Play.begin('what-was-merged');
    await play.play('A-B-A-B');
    for (const task of ['A', 'B', 'Z', 'A', 'B', 'Z', 'A', 'B', 'Z']) {
      const on = play.scheduler.locator(`[data-on=${task}]`);
      if (await on.count()) {
        const before = await play.at();
        await on.click();
        await play.part('stepper').locator('output').filter({ hasNotText: before }).waitFor();
      }
    }
    await play.ended(/^It held, with \d+ switches/);
    expect(await play.part('scores').innerText()).toContain('Your best');
  });

  test.each([
    { width: 360, height: 740 },
    { width: 1280, height: 720 },
  ])('has its choices and the latest step in one window of $width × $height px', async (viewport) => {
    const play = await Play.begin('can-the-lock-enclose-it', { viewport });
    await play.play('A4-B3');
    await play.scheduler.locator('[data-on=A]').click();
    await play.scheduler.locator('[data-on=B]').click();
    await play.ended('Reached');
    for (const part of [play.part('cpus'), play.part('stepper').locator('tr[aria-current] .op').first()]) {
      const isSeen = await part.evaluate((element) => {
        const { left, top, bottom } = element.getBoundingClientRect();
        return [top + 2, bottom - 2].every((y) => element.contains(document.elementFromPoint(left + 2, y)));
      });
      expect(isSeen).toBe(true);
    }
  });

  test('calls the kernel’s functions by their names, as the checker’s own trace does', async () => {
    const page = await site().open('/lessons/reproduce-the-bug/');
    const play = new Play(page);
    await play.scheduler.locator('.explored summary').click();
    const open = play.scheduler.locator('.explored tr', { hasText: 'A never returned' }).getByRole('button');
    await open.click();
    await play.press('Compare with the checker’s shortest');
    const lanes = (part: string) => play.part(part).locator('tbody').innerText();
    await play.part('compared').locator('tbody').waitFor();
    expect(await lanes('stepper')).toBe(await lanes('compared'));
    await play.part('stepper').locator('.lanes').focus();
    await page.keyboard.press('End');
    await play.part('log').locator('summary').click();
    expect(await play.part('log').innerText()).toMatch(
      /kernel BUG at mm\/memory\.c.*remap_pfn_range.*vfio_pci_mmap_fault/s,
    );
  });

  test('opens any outcome that there is', async () => {
    const page = await site().open('/lessons/reproduce-the-bug/');
    const play = new Play(page);
    await play.scheduler.locator('.explored summary').click();
    const rows = await play.scheduler.locator('.explored tbody tr').allInnerTexts();
    expect(rows).toHaveLength(3);
    expect(rows[0]).toMatch(/BUG: A mapped, B never returned\s+694,611 \(54\.9 %\)/);
    await play.scheduler.locator('.explored [data-open]').first().click();
    await play.part('stepper').locator('output', { hasText: '0 of 27' }).waitFor();
    await play.part('stepper').locator('.lanes').focus();
    await page.keyboard.press('End');
    expect(await play.part('end').innerText()).toContain('Reached');
    expect(page.complaints).toEqual([]);
  });

  test('takes the reader to the outcome that is opened while one plays', async () => {
    const play = await Play.begin('reproduce-the-bug');
    await play.play('A2');
    await play.scheduler.locator('.explored summary').click();
    await play.scheduler.locator('.explored [data-open]').first().click();
    const lanes = play.part('stepper').locator('.lanes');
    await play.part('stepper').locator('output', { hasText: '0 of 27' }).waitFor();
    await play.page.locator('fault-scheduler [data-move]:focus').waitFor();
    expect(await lanes.evaluate((each) => each.getBoundingClientRect().top < innerHeight)).toBe(true);
    expect(await lanes.evaluate((each) => each.getBoundingClientRect().bottom > 0)).toBe(true);
  });

  test('is accessible while one plays, in both schemes, and fits', async () => {
    const play = await Play.begin('can-the-lock-enclose-it', { reducedMotion: 'reduce' });
    await play.play('A4-B3');
    await play.scheduler.locator('.explored summary').click();
    expect(await violationsOn(play.page, 'fault-scheduler')).toEqual([]);
    for (const width of [1440, 360, 320]) {
      await play.page.setViewportSize({ width, height: 740 });
      expect(await play.page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
      for (const button of await play.scheduler.locator('button:visible').all())
        expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(24);
    }
  });

  test('keeps the best score for as long as the page, where storage is full', async () => {
    const page = await site().open('/lessons/what-was-merged/');
    await page.evaluate(() => {
      Storage.prototype.setItem = () => {
        throw new DOMException('full', 'QuotaExceededError');
      };
    });
    const play = new Play(page, 1);
    await play.press('Begin');
    await play.moves('A').waitFor();
    await play.play('A4-Z2');
    await play.ended('No way is shorter');
    await play.press('Start over');
    await play.stands(0);
    expect(await play.part('scores').innerText()).toContain('Your best: 1 preemption, 1 switch, 6 steps.');
  });

  test('says so where its worker cannot be started, and starts it when asked again', async () => {
    const page = await site().open('/lessons/reproduce-the-bug/');
    await page.route(/worker-/, (route) => route.abort());
    const play = new Play(page);
    await play.press('Begin');
    await play.part('failed').filter({ hasText: 'did not work here' }).waitFor();
    await page.unroute(/worker-/);
    await play.press('Begin');
    await play.moves('A').waitFor();
    expect(await play.part('failed').isVisible()).toBe(false);
  });

  test.each(lessons)('%s has its own, and without scripts what the checker found', async (lesson) => {
    const play = await Play.begin(lesson);
    expect(await play.part('stepper').locator('thead th.lane').count()).toBeGreaterThanOrEqual(2);
    expect(play.page.complaints).toEqual([]);
    const still = await site().open(`/lessons/${lesson}/`, { javaScriptEnabled: false });
    await unfold(still);
    const told = await still.locator('fault-scheduler').last().innerText();
    expect(told).toContain('To choose who moves takes scripts. This is the shortest way');
    expect(await still.locator('fault-scheduler').last().locator('.steps code').count()).toBeGreaterThan(5);
    expect(await still.locator('fault-scheduler button:visible').count()).toBe(0);
  });
});
