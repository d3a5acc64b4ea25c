import { describe, expect, test } from 'vitest';
import { Bench, withSite } from './site.ts';

const site = withSite();
const lesson = '/lessons/can-the-lock-enclose-it/';

async function openStepper(options: Parameters<ReturnType<typeof site>['open']>[1] = {}) {
  const page = await site().open(lesson, options);
  const stepper = page.locator('fault-stepper').first();
  await stepper.scrollIntoViewIfNeeded();
  await page.locator('fault-stepper[data-ready]').first().waitFor();
  const steps = await stepper.locator('tbody tr').count();
  const at = async () => ({
    shown: await stepper.locator('output').innerText(),
    row: await stepper.evaluate((host) => host.querySelector('tr[aria-current] th')?.textContent ?? null),
    spoken: await stepper.locator('[role=status]').innerText(),
  });
  return { page, stepper, steps, at };
}

describe('the stepper', () => {
  test('steps by arrow keys, Home and End, and says where it is', async () => {
    const { page, stepper, steps, at } = await openStepper();
    expect(steps).toBeGreaterThan(10);
    await stepper.locator('.lanes').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    expect(await at()).toMatchObject({ shown: `2 of ${steps}`, row: '2' });
    await page.keyboard.press('ArrowLeft');
    expect((await at()).spoken).toContain(`1 of ${steps}, A:`);
    await page.keyboard.press('End');
    expect(await at()).toMatchObject({ shown: `${steps} of ${steps}`, row: String(steps) });
    expect((await at()).spoken).toContain('BUG');
    await page.keyboard.press('ArrowRight');
    expect((await at()).shown).toBe(`${steps} of ${steps}`);
    await page.keyboard.press('Home');
    expect(await at()).toMatchObject({ shown: `0 of ${steps}`, row: null });
    expect(page.complaints).toEqual([]);
  });

  test('steps by its slider and its buttons', async () => {
    const { page, stepper, at } = await openStepper();
    await stepper.locator('input[type=range]').focus();
    await page.keyboard.press('ArrowRight');
    expect((await at()).row).toBe('1');
    expect(await stepper.locator('input[type=range]').getAttribute('aria-valuetext')).toContain('A:');
    await stepper.getByRole('button', { name: 'Forward' }).press('Enter');
    expect((await at()).row).toBe('2');
    await stepper.getByRole('button', { name: 'First' }).click();
    expect((await at()).row).toBeNull();
  });

  test('steps over functions and to the next switch, by button and by letter', async () => {
    const { page, stepper, at } = await openStepper();
    const operation = () => stepper.locator('.what').innerText();
    await stepper.locator('.lanes').focus();
    await page.keyboard.press('s');
    const switched = Number((await at()).row);
    expect(switched).toBeGreaterThan(1);
    expect(await operation()).toMatch(/^B/);
    await stepper.getByRole('button', { name: 'To the next switch' }).click();
    expect(await operation()).toMatch(/^A/);
    await stepper.locator('.lanes').focus();
    await page.keyboard.press('Home');
    for (let step = 0; step < 40 && !(await operation()).includes('down_read(memory_lock)'); step++)
      await page.keyboard.press('ArrowRight');
    // Over the whole fill.
    await stepper.getByRole('button', { name: 'Over the function' }).click();
    expect(await operation()).toContain('up_read(memory_lock)');
    expect((await at()).spoken).toContain('up_read');
  });

  test('plays and pauses, and is silent while it plays', async () => {
    const { page, stepper, steps, at } = await openStepper();
    await page.clock.install();
    await stepper.getByRole('button', { name: 'Play' }).click();
    await page.clock.runFor(3000);
    expect(await at()).toMatchObject({ row: '3', spoken: '' });
    await stepper.getByRole('button', { name: 'Pause' }).click();
    expect((await at()).spoken).toContain(`3 of ${steps}`);
    await page.clock.runFor(3000);
    expect((await at()).row).toBe('3');
    await stepper.locator('.lanes').focus();
    await page.keyboard.press('p');
    await page.clock.runFor(1000 * steps);
    expect(await at()).toMatchObject({ row: String(steps), spoken: expect.stringContaining('BUG') });
    await stepper.getByRole('button', { name: 'Play' }).waitFor();
  });

  test('is not played where little is to move, and stops when that is asked for', async () => {
    const still = await openStepper({ reducedMotion: 'reduce' });
    expect(await still.stepper.locator('[data-go=play]').isVisible()).toBe(false);
    const { page, stepper, at } = await openStepper();
    await page.clock.install();
    await stepper.getByRole('button', { name: 'Play' }).click();
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.clock.runFor(3000);
    expect((await at()).row).toBeNull();
    await stepper.locator('.lanes').focus();
    await page.keyboard.press('p');
    await page.clock.runFor(3000);
    expect((await at()).row).toBeNull();
  });

  test('takes letters only while the focus is in it, and not where they are turned off, for good', async () => {
    const { page, stepper, at } = await openStepper();
    await page.keyboard.press('s');
    expect((await at()).row).toBeNull();
    await stepper.getByRole('button', { name: 'Keys' }).click();
    await stepper.getByRole('checkbox', { name: 'Letters work' }).uncheck();
    await page.keyboard.press('Escape');
    await page.reload();
    await stepper.scrollIntoViewIfNeeded();
    await page.locator('fault-stepper[data-ready]').first().waitFor();
    await stepper.locator('.lanes').focus();
    await page.keyboard.press('s');
    expect((await at()).row).toBeNull();
    await page.keyboard.press('ArrowRight');
    expect((await at()).row).toBe('1');
    await stepper.getByRole('button', { name: 'Keys' }).click();
    expect(await stepper.getByRole('checkbox', { name: 'Letters work' }).isChecked()).toBe(false);
  });

  test('tells who wrote each entry, and at which step', async () => {
    const { page, stepper, steps } = await openStepper();
    await stepper.locator('.lanes').focus();
    await page.keyboard.press('End');
    const cells = await stepper.locator('.cells dd').allTextContents();
    expect(cells).toHaveLength(4);
    for (const cell of cells) expect(cell).toMatch(/bar0\[\d\] by B, step \d+/);
    expect(steps).toBeGreaterThan(10);
  });

  test('has all its buttons in a narrow place, each large enough', async () => {
    const { page, stepper } = await openStepper({ viewport: { width: 360, height: 740 } });
    for (const button of await stepper.locator('.controls button:visible').all()) {
      const box = await button.boundingBox();
      expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(24);
      expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(360);
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
  });

  test('shows the table, the locks and what has changed', async () => {
    const { page, stepper, steps } = await openStepper();
    await stepper.locator('.lanes').focus();
    for (let step = 1; step < steps; step++) {
      await page.keyboard.press('ArrowRight');
      const what = await stepper.locator('.what').innerText();
      if (what.includes('set_pte_at')) break;
    }
    expect(await stepper.locator('.cells .changed').innerText()).toContain('bar0[0]');
    expect(await stepper.locator('.stack').innerText()).toContain('vfio_pci_mmap_fault');
    expect(await stepper.locator('.facts').innerText()).toMatch(/vma_lock\s+B; A waits/);
  });

  test('keeps its end to itself until the last step, and what it has told it leaves there', async () => {
    const { page, stepper } = await openStepper();
    const [end, fatal] = [stepper.locator('tfoot'), stepper.locator('.fatal .op').first()];
    expect(await end.innerText()).not.toContain('BUG');
    expect(await fatal.isVisible()).toBe(false);
    await stepper.locator('.lanes').focus();
    for (const key of ['End', 'Home']) {
      await page.keyboard.press(key);
      expect(await end.innerText()).toContain('BUG');
      expect(await fatal.isVisible()).toBe(true);
    }
  });

  test('in a wide workbench scrolls with its verdict, and leaves its controls in sight', async () => {
    const bench = await Bench.open(site(), 'can-the-lock-enclose-it', { viewport: { width: 1440, height: 900 } });
    expect(await bench.run()).toBe('failed');
    const stepper = bench.page.locator('.verdict fault-stepper');
    await stepper.locator('.lanes').focus();
    await bench.page.keyboard.press('End');
    const scrolls = await stepper.locator('.lanes').evaluate((lanes) => lanes.scrollHeight > lanes.clientHeight);
    expect(scrolls).toBe(false);
    const [pane, controls, end] = await Promise.all(
      [bench.page.locator('.results'), stepper.locator('.controls'), stepper.locator('tfoot')].map((each) =>
        each.evaluate((element) => element.getBoundingClientRect()),
      ),
    );
    expect(controls?.top).toBeGreaterThanOrEqual((pane?.top ?? 0) - 1);
    expect(end?.bottom).toBeLessThanOrEqual((pane?.bottom ?? 0) + 1);
  });

  test('is a whole table where there is no script', async () => {
    const page = await site().open(lesson, { javaScriptEnabled: false });
    const stepper = page.locator('fault-stepper').first();
    const region = stepper.locator('.lanes');
    const rows = await stepper.locator('tbody tr').count();
    expect(rows).toBeGreaterThan(10);
    await stepper.locator('summary').click();
    expect(await stepper.locator('tfoot').innerText()).toContain('BUG');
    // Nothing is hidden behind a scroll bar that only a script would move.
    expect(await region.evaluate((element) => element.scrollHeight - element.clientHeight)).toBe(0);
  });
});
