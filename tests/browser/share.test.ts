/** What goes to somebody else: a link with a text, an appeal; and what a link can and cannot do. */

import { describe, expect, test } from 'vitest';
import { draftKey, progressKey } from '../../src/site/keys.ts';
import { fragmentOf, readFragment } from '../../src/site/share/link.ts';
import { Bench, exercises, type OpenPage, withSite } from './site.ts';

const site = withSite();
const exercise = exercises.find(({ id }) => id === 'can-the-lock-enclose-it') ?? exercises[0]!;
const lesson = `/lessons/${exercise.id}/`;
const wrong = exercise.wrong()[0]?.text ?? '';
const solution = exercise.read('solution.ts');

const stored = (page: OpenPage) => page.evaluate(() => Object.fromEntries(Object.entries(localStorage)));
/** All but whether a theme and the like are kept. */
const work = (all: Record<string, string>) =>
  Object.fromEntries(Object.entries(all).filter(([key]) => key.startsWith(draftKey('')) || key === progressKey));

/** A page with the learner's own text, opened from a link afterwards. */
async function openLink(code: string, own?: string): Promise<Bench> {
  const page = await site().open('/');
  if (own !== undefined)
    await page.evaluate(([key, text]) => localStorage.setItem(key!, text!), [draftKey(exercise.id), own]);
  await page.goto(site().url + lesson + (await fragmentOf({ exercise: exercise.id, code })));
  const bench = new Bench(page);
  await bench.ready();
  await page.locator('.linked').waitFor();
  return bench;
}

const textIn = (bench: Bench) =>
  bench.page.locator('.cm-content').evaluate((content) => (content as HTMLElement).innerText.replaceAll('\u00a0', ' '));

describe('a link', () => {
  test('is copied beside the verdict, and brings the same text to another browser', async () => {
    const bench = await Bench.open(site(), exercise.id);
    await bench.write(wrong);
    await bench.run();
    await bench.page.getByRole('button', { name: 'Copy a link to this' }).click();
    const link = await bench.page.locator('[data-part=further] input').inputValue();
    expect(link).toContain(`${site().url}${lesson}#share=1.`);
    const other = new Bench(await site().open('/'));
    await other.page.goto(link);
    await other.ready();
    await other.page.locator('.linked').waitFor();
    expect(await textIn(other)).toContain(
      wrong
        .split('\n')
        .find((line) => line.includes('yield*'))
        ?.trim(),
    );
  });

  test('runs nothing until Run is pressed; then shows its verdict, and counts nothing', async () => {
    const bench = await openLink(solution, '// mine');
    const before = work(await stored(bench.page));
    await bench.page.locator('.cm-content').press('End');
    await bench.page.keyboard.type(' ');
    await bench.page.waitForTimeout(1500);
    expect(await bench.page.locator('.verdict .outcome').count()).toBe(0);
    expect(await bench.run()).toBe('passed');
    await bench.page.goto(`${site().url}/`);
    expect(work(await stored(bench.page))).toEqual(before);
  });

  test('shows the interleaving that it points at, where the verdict has another', async () => {
    const bench = await openLink(wrong);
    await bench.run();
    await bench.page.getByRole('button', { name: 'Copy a link to this' }).click();
    const link = await bench.page.locator('[data-part=further] input').inputValue();
    const [prefix] = (await readFragment(new URL(link).hash)).schedule?.split('~') ?? [];
    expect(prefix).toMatch(/^1\.[a-z0-9-]+\.\d+\.[0-9a-f]{8}$/);
    const fragment = await fragmentOf({ exercise: exercise.id, code: wrong, schedule: `${prefix}~B4-A3` });
    const other = new Bench(await site().open(lesson + fragment));
    await other.ready();
    await other.run();
    await other.page.locator('.by-link fault-stepper[data-ready]').waitFor();
    expect(await other.page.locator('.by-link .schedule').innerText()).toContain('B4-A3');
    expect(other.page.complaints).toEqual([]);
  });

  test('is left for one’s own text', async () => {
    const bench = await openLink(solution, '// mine');
    await bench.page.getByRole('button', { name: 'Back to my own' }).click();
    expect(await textIn(bench)).toContain('// mine');
    expect(bench.page.url()).not.toContain('#share');
  });

  test('is kept as one’s own, and what was there is kept too', async () => {
    const bench = await openLink(solution, '// mine');
    await bench.page.getByRole('button', { name: 'Keep it as mine' }).click();
    await bench.page.locator('.linked').waitFor({ state: 'detached' });
    const texts = Object.values(work(await stored(bench.page)));
    expect(texts).toContain('// mine');
    expect(texts).toContain(solution);
  });

  test('stays a link where there is no room for it, and the own text as it is', async () => {
    const bench = await openLink(solution, '// mine');
    await bench.page.evaluate(() => {
      Storage.prototype.setItem = () => {
        throw new DOMException('full', 'QuotaExceededError');
      };
    });
    await bench.page.getByRole('button', { name: 'Keep it as mine' }).click();
    await bench.part('state').filter({ hasText: 'no room' }).waitFor();
    expect(Object.values(work(await stored(bench.page)))).toContain('// mine');
    expect(await bench.page.locator('.linked').count()).toBe(1);
  });

  test('is opened by a page that is open already', async () => {
    const bench = await Bench.open(site(), exercise.id);
    const fragment = await fragmentOf({ exercise: exercise.id, code: '// from afar' });
    await bench.page.evaluate((hash) => {
      location.hash = hash;
    }, fragment);
    await bench.page.locator('.linked').waitFor();
    expect(await textIn(bench)).toContain('// from afar');
  });

  test('for another exercise leads there', async () => {
    const fragment = await fragmentOf({ exercise: 'one-fault', code: '// x' });
    const page = await site().open(lesson + fragment);
    await page.getByRole('link', { name: 'open it there' }).click();
    await page.waitForURL(/one-fault\/#share=/);
  });

  test.each(['#share=1.AAAA', '#share=9.AAAA', '#share=', `#share=1.${'A'.repeat(2000)}`])(
    'that is not whole says so: %s',
    async (hash) => {
      const page = await site().open(lesson + hash);
      await page.locator('.linked').waitFor();
      expect(await page.locator('.linked').innerText()).toMatch(/^This link (is not whole|was made by a newer)/);
      expect(page.complaints).toEqual([]);
    },
  );

  test('cannot bring markup, nor write', async () => {
    const forged = '</textarea><img src=x onerror="document.title=1"><script>document.title=2</script>';
    const bench = await openLink(forged);
    expect(await bench.run()).toBe('broken');
    expect(await bench.page.title()).not.toMatch(/^[12]$/);
    expect(work(await stored(bench.page))).toEqual({});
    expect(bench.page.complaints).toEqual([]);
  });
});

describe('who is stuck', () => {
  test('can contest a verdict: what is sent is shown first', async () => {
    const bench = await Bench.open(site(), exercise.id);
    await bench.write(wrong);
    await bench.run();
    await bench.page.getByRole('button', { name: 'I think my answer is right' }).click();
    const text = await bench.page.locator('[data-part=further] textarea').inputValue();
    for (const part of [
      `# I think my answer is right: ${exercise.id}`,
      'browser: Mozilla',
      'npm run replay -- ',
      wrong.trim(),
    ])
      expect(text).toContain(part);
    await bench.page.getByRole('button', { name: 'Copy it' }).click();
    await bench.page.locator('[data-part=further] [role=status]').filter({ hasText: 'Copied' }).waitFor();
  });

  test('is walked through the interleaving after the third hint, with a reason at each step', async () => {
    const bench = await Bench.open(site(), exercise.id);
    await bench.write(wrong);
    await bench.run();
    for (let hint = 1; hint <= 3; hint++) {
      await bench.part('hint').click();
      await bench.page
        .locator('.hint')
        .nth(hint - 1)
        .waitFor();
    }
    expect(await bench.part('hint').innerText()).toBe('Walk me through it');
    await bench.part('hint').click();
    const why = bench.page.locator('.verdict .why');
    await why.waitFor();
    const reasons = new Set<string>();
    const steps = await bench.page.locator('.verdict tbody tr').count();
    for (let step = 1; step <= steps; step++) {
      reasons.add(await why.innerText());
      await bench.page.keyboard.press('ArrowRight');
    }
    expect(reasons.size).toBeGreaterThan(8);
    expect([...reasons].join('\n')).toMatch(/Before that, in step \d+, . found it empty\. Here the kernel stops/);
  });

  test('has nothing to walk through before a run', async () => {
    const bench = await Bench.open(site(), exercise.id);
    for (let hint = 1; hint <= 4; hint++) {
      await bench.part('hint').click();
      if (hint <= 3)
        await bench.page
          .locator('.hint')
          .nth(hint - 1)
          .waitFor();
    }
    await bench.part('state').filter({ hasText: 'Nothing to walk through' }).waitFor();
  });

  test('meets the same idea in a fresh world after giving up, where a pass counts; after a pass, in a harder one, which does not', async () => {
    const bench = await Bench.open(site(), exercise.id);
    await bench.part('solve').click();
    await bench.part('solve').click();
    const fresh = bench.page.getByRole('button', { name: 'The same idea in a fresh world' });
    await fresh.waitFor();
    await bench.write(solution);
    await fresh.click();
    const heading = bench.page.locator('.verdict .outcome');
    await heading.filter({ hasText: 'Passed in a fresh world' }).waitFor();
    const entry = async () => JSON.parse((await stored(bench.page))[progressKey] ?? '{}').exercises[exercise.id];
    expect(await entry()).toMatchObject({ status: 'passed', attempts: 1 });
    await bench.page.getByRole('button', { name: 'Back to the usual worlds' }).click();
    await heading.filter({ hasText: /^Passed(?! in)/ }).waitFor();
    expect(await entry()).toMatchObject({ status: 'passed', attempts: 2 });
    await bench.page.getByRole('button', { name: 'Try it in a harder world' }).click();
    await heading.filter({ hasText: 'Passed in a harder world' }).waitFor();
    expect(await entry()).toMatchObject({ status: 'passed', attempts: 2 });
    expect(bench.page.complaints).toEqual([]);
  });
});
