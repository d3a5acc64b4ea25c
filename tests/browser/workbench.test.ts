import { describe, expect, test } from 'vitest';
import { progressKey } from '../../src/site/keys.ts';
import { Bench, exercises, withSite } from './site.ts';

const site = withSite();
const [first] = exercises;
const hangs = "export const hang = /^(a+)+$/.test(`${'a'.repeat(60)}b`);\n";

describe.each(exercises)('the workbench of $id', ({ id, read, wrong }) => {
  test('passes the solution, and says of the wrong answers what they believe', async () => {
    const bench = await Bench.open(site(), id);
    await bench.write(read('solution.ts'));
    expect(await bench.run()).toBe('passed');
    const [consequence = '', harder] = await bench.page.locator('.verdict .onward p').allInnerTexts();
    expect(consequence.length).toBeGreaterThan(50);
    expect(harder).toMatch(/^Harder, not graded:/);
    for (const { name, text, misconception } of oneOfEach(wrong())) {
      await bench.write(text);
      expect(await bench.run(), name).toBe('failed');
      const open = bench.page.locator('.verdict [data-check][open]');
      expect(await open.getAttribute('data-misconception'), name).toBe(misconception);
      expect(await open.locator('.because').innerText(), name).toContain('This often comes from');
    }
    expect(bench.page.complaints).toEqual([]);
  });
});

/** That each is caught is shown by `npm run check`; here, that the page says so: the first of each misconception will do. */
const oneOfEach = <T extends { misconception: string }>(answers: T[]): T[] =>
  answers.filter(
    (answer, at) => answers.findIndex(({ misconception }) => misconception === answer.misconception) === at,
  );

describe('what tells the answers', () => {
  test('is folded until they are found', async () => {
    const { read } = exercises.find(({ id }) => id === 'review-a-patch')!;
    const bench = await Bench.open(site(), 'review-a-patch');
    const told = bench.page.locator('.afterwards > p').first();
    expect(await told.isVisible()).toBe(false);
    await bench.write(read('exercise.ts'));
    expect(await bench.run()).toBe('failed');
    expect(await told.isVisible()).toBe(false);
    await bench.write(read('solution.ts'));
    expect(await bench.run()).toBe('passed');
    expect(await told.isVisible()).toBe(true);
  });
});

describe('a draft', () => {
  test('is run by Ctrl-Enter, is there after a reload, and is judged by the page alone', async () => {
    const bench = await Bench.open(site(), first!.id);
    const requests: string[] = [];
    bench.page.on('request', (request) => requests.push(request.url()));
    await bench.write(first!.read('solution.ts'));
    await bench.page.keyboard.press('ControlOrMeta+Enter');
    expect(await bench.outcome()).toBe('passed');
    expect(requests.filter((url) => !url.startsWith(site().url) && !url.startsWith('blob:'))).toEqual([]);

    await bench.page.reload();
    await bench.ready();
    expect(await bench.page.locator('.cm-content').innerText()).toContain(
      first!.read('solution.ts').trim().split('\n').at(-2)!.trim(),
    );
    const progress = await bench.page.evaluate((key) => JSON.parse(localStorage.getItem(key) ?? '{}'), progressKey);
    expect(progress.exercises[first!.id]).toMatchObject({ status: 'passed', attempts: 1 });
  });

  test('runs by itself after a pause', async () => {
    const bench = await Bench.open(site(), first!.id);
    await bench.write(first!.read('solution.ts'));
    expect(await bench.outcome()).toBe('passed');
  });

  test('is kept as a dated copy when the starter comes back', async () => {
    const bench = await Bench.open(site(), first!.id);
    await bench.write('// mine\n');
    await bench.part('reset').click();
    const keys = await bench.page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('draft/')));
    const copy = keys.find((key) => /\.\d{4}-\d\d-\d\dT/.test(key));
    expect(await bench.page.evaluate((key) => localStorage.getItem(key), copy!)).toBe('// mine\n');
    expect(await bench.page.locator('.cm-content').innerText()).toContain('vfio_pci_mmap_fault');
    // What was pasted a moment before is not undone with it.
    await bench.page.keyboard.press('ControlOrMeta+z');
    expect((await bench.page.locator('.cm-content').innerText()).trim()).toBe('// mine');
  });

  test('that does not compile has its line marked', async () => {
    const bench = await Bench.open(site(), first!.id);
    await bench.write('export const a = 1;\nexport const b = ;\n');
    expect(await bench.run()).toBe('broken');
    expect(await bench.page.locator('.verdict .errors').innerText()).toContain('line 2');
    await bench.page.locator('.cm-lint-marker-error').waitFor();
  });

  test('has what is code in its message shown as code', async () => {
    const bench = await Bench.open(site(), first!.id);
    await bench.write(`${first!.read('solution.ts')}export const a = nobodyKnowsMe;\n`);
    expect(await bench.run()).toBe('broken');
    await bench.page.locator('.cm-lint-marker-error').first().hover();
    const told = bench.page.locator('.cm-diagnostic').first();
    await expect.poll(() => told.locator('code').count()).toBeGreaterThan(0);
    expect(await told.innerText()).not.toContain('`');
  });

  test('that hangs can be stopped, and the next one is judged', async () => {
    const bench = await Bench.open(site(), first!.id);
    await bench.write(hangs + first!.read('solution.ts'));
    await bench.part('run').click();
    await bench.page.locator('fault-workbench[data-running]').waitFor();
    await bench.part('stop').click();
    expect(await bench.outcome()).toBe('stopped');
    await bench.write(first!.read('solution.ts'));
    expect(await bench.run()).toBe('passed');
  });

  test('that hung when the page died waits for Run', async () => {
    const bench = await Bench.open(site(), first!.id);
    await bench.write(hangs + first!.read('solution.ts'));
    await bench.part('run').click();
    await bench.page.locator('fault-workbench[data-running]').waitFor();
    await bench.page.reload();
    await bench.ready();
    expect(await bench.part('state').innerText()).toContain('Press Run');
    await bench.write(first!.read('solution.ts'));
    await bench.page.waitForTimeout(1500);
    expect(await bench.page.locator('.verdict .outcome').count()).toBe(0);
    expect(await bench.run()).toBe('passed');
  });
});

describe('by keyboard', () => {
  test('Tab indents; Escape and Tab leave the editor', async () => {
    const bench = await Bench.open(site(), first!.id);
    const isInEditor = () => bench.page.evaluate(() => document.activeElement?.matches('.editor') ?? false);
    await bench.page.locator('.cm-content').focus();
    await bench.page.keyboard.press('Tab');
    expect(await isInEditor()).toBe(true);
    await bench.page.keyboard.press('Escape');
    await bench.page.keyboard.press('Tab');
    expect(await isInEditor()).toBe(false);
  });

  test('hints come one at a time; the solution after giving up', async () => {
    const bench = await Bench.open(site(), first!.id);
    for (const shown of [1, 2, 3, 3]) {
      await bench.part('hint').press('Enter');
      await expect.poll(() => bench.page.locator('.hint').count()).toBe(shown);
    }
    await bench.part('solve').press('Enter');
    expect(await bench.part('solution').innerText()).toContain('Sure?');
    await bench.part('solve').press('Enter');
    await expect.poll(() => bench.part('solution').innerText()).toContain('vfio_pci_mmap_fault');
    expect(await bench.part('solution').locator('pre .k').count()).toBeGreaterThan(0);
    const progress = await bench.page.evaluate((key) => JSON.parse(localStorage.getItem(key) ?? '{}'), progressKey);
    expect(progress.exercises[first!.id]).toMatchObject({ status: 'given-up', hintsSeen: 3 });
  });
});

test('where no worker can run, nothing runs', async () => {
  const context = await site().browser.newContext();
  const page = await context.newPage();
  // As in a browser that lets nothing run in the frame: it never answers.
  await page.addInitScript(() => {
    Object.defineProperty(HTMLIFrameElement.prototype, 'srcdoc', {
      set(this: HTMLIFrameElement) {
        this.setAttribute('srcdoc', '<!doctype html>');
      },
    });
  });
  await page.goto(`${site().url}/lessons/${first!.id}/`);
  await page.locator('fault-workbench[data-unsafe]').waitFor();
  expect(await page.locator('[data-part=state]').innerText()).toContain('use the terminal');
  await page.locator('[data-part=run]').click({ force: true });
  await page.waitForTimeout(500);
  expect(await page.locator('.verdict .outcome').count()).toBe(0);
});

test('where no worker starts, the page says so and keeps what was written', async () => {
  const page = await site().open('/404.html');
  await page.route('**/lessons/**', async (route) => {
    const response = await route.fetch();
    await route.fulfill({
      response,
      body: (await response.text()).replaceAll(/worker-src [^;]*;/g, "worker-src 'none';"),
    });
  });
  await page.goto(`${site().url}/lessons/${first!.id}/`);
  const bench = new Bench(page);
  await bench.ready();
  await bench.write('// mine\n');
  await bench.part('run').click();
  await page.locator('fault-workbench[data-unsafe]').waitFor();
  expect(await bench.part('state').innerText()).toContain('the worker did not start');
  expect(await bench.part('state').innerText()).toContain('use the terminal');
  expect(await page.locator('.cm-content').innerText()).toContain('// mine');
});

test('where nothing is stored, the page says so to eye and ear, and a reset can be undone', async () => {
  const page = await site().open('/404.html');
  await page.addInitScript(() => {
    Storage.prototype.setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
  });
  await page.goto(`${site().url}/lessons/${first!.id}/`);
  const bench = new Bench(page);
  await bench.ready();
  await bench.write('// mine\n');
  expect(await bench.run()).not.toBe('passed');
  await expect.poll(() => bench.part('state').innerText()).toContain('stores nothing here: copy your text');
  expect(await bench.part('status').innerText()).toContain('stores nothing here: copy your text');
  await bench.part('reset').click();
  expect(await bench.part('state').innerText()).toContain('comes back with Undo');
  await page.keyboard.press('ControlOrMeta+z');
  expect(await page.locator('.cm-content').innerText()).toContain('// mine');
});

test('what Linux would have printed opens by keyboard below the interleaving', async () => {
  const { read } = exercises.find(({ id }) => id === 'reproduce-the-bug')!;
  const bench = await Bench.open(site(), 'reproduce-the-bug');
  await bench.write(read('solution.ts'));
  expect(await bench.run()).toBe('passed');
  const log = bench.page.locator('.kernel-log');
  await log.locator('summary').focus();
  await bench.page.keyboard.press('Enter');
  expect(await log.getByRole('group', { name: 'Kernel log' }).innerText()).toContain(
    'cut here ]------------\nkernel BUG at mm/memory.c!\ninvalid opcode: 0000 [#1] SMP\nCPU: ',
  );
  expect(bench.page.complaints).toEqual([]);
});

test('from edit to verdict', async () => {
  const bench = await Bench.open(site(), first!.id);
  await bench.write(first!.read('solution.ts'));
  const times: number[] = [];
  for (let run = 0; run < 9; run++) {
    // The next worker stands by again.
    await bench.page.waitForTimeout(500);
    times.push(await bench.page.evaluate(timeOfRun));
  }
  const [fastest = 0, , , , median = 0] = times.map(Math.round).sort((a, b) => a - b);
  console.log(
    `Run to verdict drawn (${first!.id}): median ${median} ms, fastest ${fastest} ms; after an edit, 600 ms of pause more.`,
  );
  expect(times).toHaveLength(9);
});

/** In the page: milliseconds from Run to the verdict being drawn. */
function timeOfRun(): Promise<number> {
  return new Promise((resolve) => {
    const start = performance.now();
    const observer = new MutationObserver(() => {
      observer.disconnect();
      requestAnimationFrame(() => resolve(performance.now() - start));
    });
    observer.observe(document.querySelector('.verdict')!, { childList: true });
    document.querySelector<HTMLElement>('[data-part=run]')!.click();
  });
}
