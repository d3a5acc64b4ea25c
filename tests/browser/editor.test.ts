/** What the editor keeps for its learner: what can be undone, and the texts that were put aside; and types, for those who ask for them. */

import { describe, expect, test } from 'vitest';
import { draftKey, historyKey } from '../../src/site/keys.ts';
import { violationsOn } from './axe.ts';
import { Bench, withSite } from './site.ts';

const site = withSite();
const id = 'one-fault';

const open = () => Bench.open(site(), id, { viewport: { width: 1280, height: 720 }, reducedMotion: 'reduce' });
const textOf = (bench: Bench) => bench.page.locator('.cm-content').innerText();

describe('undo', () => {
  test('survives a reload, and so does doing again', async () => {
    const bench = await open();
    const starter = await textOf(bench);
    await bench.write('// mine');
    expect(await textOf(bench)).toBe('// mine');
    await bench.page.reload();
    await bench.ready();
    expect(await textOf(bench)).toBe('// mine');
    await bench.page.locator('.cm-content').focus();
    await bench.page.keyboard.press('ControlOrMeta+z');
    expect(await textOf(bench)).toBe(starter);
    await bench.page.reload();
    await bench.ready();
    await bench.page.locator('.cm-content').focus();
    await bench.page.keyboard.press('ControlOrMeta+y');
    expect(await textOf(bench)).toBe('// mine');
  });

  test('that is kept only by half is dropped, and the text is there', async () => {
    const bench = await open();
    await bench.write('// mine');
    await bench.page.goto('about:blank');
    await bench.page.goto(site().url);
    const breakIt = (key: string) => localStorage.setItem(key, (localStorage.getItem(key) ?? '').slice(0, -9));
    await bench.page.evaluate(breakIt, historyKey(id));
    await bench.page.goto(`${site().url}/lessons/${id}/`);
    await bench.ready();
    expect(await textOf(bench)).toBe('// mine');
    expect(bench.page.complaints).toEqual([]);
  });

  test('gives way where storage is full, so that the draft is stored', async () => {
    const bench = await open();
    await bench.write(`// ${'long '.repeat(2000)}`);
    await bench.page.waitForFunction((key) => localStorage.getItem(key), historyKey(id));
    // To the last character.
    await bench.page.evaluate(() => {
      for (let size = 2 ** 22; size >= 1; size = Math.floor(size / 2)) {
        try {
          const name = `filler-${size}`;
          for (let at = 0; ; at++) localStorage.setItem(`${name}-${at}`, 'x'.repeat(size));
        } catch {
          // Now with less.
        }
      }
    });
    const longer = `// ${'longer '.repeat(2000)}`;
    await bench.write(longer);
    await bench.page.waitForFunction(([key, text]) => localStorage.getItem(key!) === text, [draftKey(id), longer]);
    expect(await bench.page.evaluate((key) => localStorage.getItem(key), historyKey(id))).toBeNull();
  });
});

describe('kept copies', () => {
  async function withCopy() {
    const bench = await open();
    const starter = await textOf(bench);
    await bench.write('// mine');
    await bench.part('reset').click();
    const button = bench.page.getByRole('button', { name: '1 kept copy' });
    await button.waitFor();
    return { bench, starter, button, dialog: bench.page.getByRole('dialog', { name: 'Kept copies' }) };
  }

  test('are offered only where there are some', async () => {
    const bench = await open();
    expect(await bench.page.locator('.acts .copies').isVisible()).toBe(false);
  });

  test('can be found after a reset, looked at, and gone on with; what was there is kept in turn', async () => {
    const { bench, button, dialog } = await withCopy();
    await bench.write('// later');
    await button.press('Enter');
    await dialog.locator('summary').press('Enter');
    expect(await dialog.locator('pre').innerText()).toBe('// mine');
    await dialog.getByRole('button', { name: 'Go on with it' }).click();
    expect(await textOf(bench)).toBe('// mine');
    expect(await bench.page.getByRole('button', { name: '2 kept copies' }).isVisible()).toBe(true);
    expect(await bench.page.evaluate(() => document.activeElement?.getAttribute('data-part'))).toBe('editor');
  });

  test('are deleted by two clicks, and Escape leaves them', async () => {
    const { bench, button, dialog } = await withCopy();
    await button.click();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await bench.page.keyboard.press('Escape');
    expect(await dialog.isVisible()).toBe(false);
    await button.click();
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await dialog.getByRole('button', { name: 'Yes, delete' }).click();
    expect(await dialog.isVisible()).toBe(false);
    expect(await button.isVisible()).toBe(false);
    expect(
      await bench.page.evaluate(
        (key) => Object.keys(localStorage).filter((each) => each.startsWith(key)),
        draftKey(`${id}.`),
      ),
    ).toEqual([]);
  });

  test('are shown as text, whatever they hold, and are accessible', async () => {
    const { bench, button, dialog } = await withCopy();
    const hostile = '<img src=x onerror=alert(1)>';
    await bench.page.evaluate(([key, text]) => localStorage.setItem(key!, text!), [draftKey(`${id}."><b>x`), hostile]);
    await button.click();
    for (const each of await dialog.locator('summary').all()) await each.click();
    expect(await dialog.locator('img, b').count()).toBe(0);
    expect(await dialog.locator('summary').last().innerText()).toContain('"><b>x');
    expect(await violationsOn(bench.page)).toEqual([]);
  });
});

describe('types', () => {
  const mistaken = `import { PAGE_SIZE } from '#linux';\nexport const size: string = PAGE_SIZE;\n`;
  const markers = (bench: Bench, kind: string) => bench.page.locator(`.cm-lint-marker-${kind}`).count();

  test('come with a button, in a worker, and not before; their errors are told from the grader’s', async () => {
    const bench = await open();
    const loaded: string[] = [];
    bench.page.on('request', (request) => loaded.push(request.url()));
    await bench.write(mistaken);
    await bench.outcome();
    expect(loaded.filter((url) => url.includes('types'))).toEqual([]);
    await bench.part('types').click();
    await expect.poll(() => markers(bench, 'warning'), { timeout: 60_000 }).toBe(1);
    expect(await bench.part('types').getAttribute('aria-pressed')).toBe('true');
    expect(loaded.some((url) => url.includes('types-worker'))).toBe(true);
    // One that cannot be compiled has an error of the grader's beside it.
    await bench.write(`${mistaken}let broken = ;\n`);
    await expect.poll(() => markers(bench, 'error'), { timeout: 60_000 }).toBe(1);
    await expect.poll(() => markers(bench, 'warning')).toBe(1);
    await bench.part('types').click();
    await expect.poll(() => markers(bench, 'warning')).toBe(0);
    expect(await markers(bench, 'error')).toBe(1);
    expect(bench.page.complaints).toEqual([]);
  });

  test('complete names, and say what one stands for', async () => {
    const bench = await open();
    await bench.write(`import { mutex_lock } from '#linux';\nexport const lock = mutex_lock;\n`);
    await bench.part('types').click();
    await expect.poll(() => bench.part('types').getAttribute('aria-pressed'), { timeout: 60_000 }).toBe('true');
    const name = bench.page.locator('.cm-line', { hasText: 'import' });
    await name.hover({ position: { x: 80, y: 8 } });
    const meaning = bench.page.locator('.cm-meaning');
    await meaning.waitFor();
    expect(await meaning.innerText()).toContain('mutex_lock');
    expect(await meaning.locator('p').innerText()).not.toBe('');
    await bench.page.locator('.cm-content').focus();
    await bench.page.keyboard.press('ControlOrMeta+End');
    await bench.page.keyboard.type('mutex_l');
    await bench.page.locator('.cm-tooltip-autocomplete').waitFor();
    expect(await bench.page.locator('.cm-tooltip-autocomplete li').first().innerText()).toContain('mutex_lock');
    await bench.page.waitForTimeout(300);
    await bench.page.keyboard.press('Enter');
    expect(await textOf(bench)).toContain('mutex_lock;\nmutex_lock');
  });

  test('that do not arrive are said to be missing, and can be asked for again', async () => {
    const bench = await open();
    await bench.page.route(/types-worker/, (route) => route.abort());
    await bench.part('types').click();
    await bench.page.getByText('The types did not arrive').first().waitFor();
    await bench.page.unroute(/types-worker/);
    await bench.part('types').click();
    await expect.poll(() => bench.part('types').getAttribute('aria-pressed'), { timeout: 60_000 }).toBe('true');
  });
});

test('the way out of the editor is told when it is entered, once, and leads out', async () => {
  const bench = await open();
  const told = bench.page.locator('[data-part=status]');
  expect(await told.innerText()).not.toContain('Escape');
  await bench.page.locator('.cm-content').focus();
  await expect.poll(() => told.textContent()).toBe('Tab indents; Escape, then Tab, leaves the editor.');
  await told.evaluate((status) => status.replaceChildren());
  await bench.page.keyboard.press('Escape');
  await bench.page.keyboard.press('Tab');
  const isIn = () => bench.page.evaluate(() => document.activeElement?.getAttribute('data-part') === 'editor');
  expect(await isIn()).toBe(false);
  await bench.page.keyboard.press('Shift+Tab');
  expect(await isIn()).toBe(true);
  expect(await told.textContent()).toBe('');
});
