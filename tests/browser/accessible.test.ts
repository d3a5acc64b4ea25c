/** What axe cannot tell: order, size and place of what one reads and presses, on every page. */

import { describe, expect, test } from 'vitest';
import { Bench, exercises, type OpenPage, pages, withSite } from './site.ts';

const site = withSite();
const calm = { reducedMotion: 'reduce' } as const;

const widthOf = (page: OpenPage): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth);

/** Letters twice as large, as a browser's settings make them. */
async function enlarge(page: OpenPage): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Page.setFontSizes', { fontSizes: { standard: 32, fixed: 26 } });
  await page.reload();
}

/** Headings that are seen, in order: where one is more than a level below the one before. */
const skippedLevels = (page: OpenPage): Promise<string[]> =>
  page.evaluate(() => {
    const seen = [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].filter((each) => each.checkVisibility());
    const levels = seen.map(({ tagName }) => Number(tagName[1]));
    return seen.filter((_, at) => (levels[at] ?? 0) > (levels[at - 1] ?? 0) + 1).map(({ outerHTML }) => outerHTML);
  });

/** What can be pressed and is too small for a finger. A link among the words of a sentence may be as high as its line. */
const smallTargets = (page: OpenPage): Promise<string[]> =>
  page.evaluate(() => {
    const blockOf = (element: Element): Element => {
      const { parentElement: parent } = element;
      return parent && getComputedStyle(parent).display === 'inline' ? blockOf(parent) : (parent ?? element);
    };
    const isInText = (element: Element) => {
      if (!element.matches('a') || getComputedStyle(element).display !== 'inline') return false;
      const around = blockOf(element).cloneNode(true) as Element;
      for (const link of around.querySelectorAll('a')) link.remove();
      return !around.matches('h1, h2, h3, h4') && /\p{Letter}/u.test(around.textContent ?? '');
    };
    const targetOf = (element: Element) => (element.matches('input') ? element.closest('label') : null) ?? element;
    return [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
      .filter((element) => element.checkVisibility() && !isInText(element))
      .flatMap((element) => {
        const { width, height } = targetOf(element).getBoundingClientRect();
        return width > 0 && (width < 24 || height < 24) ? [`${width} × ${height}: ${element.outerHTML}`] : [];
      });
  });

/** Names in code that a translator would not leave. */
const translatedCode = (page: OpenPage): Promise<string[]> =>
  page
    .locator('code, pre:not(:has(code))')
    .evaluateAll((all) => all.filter((each) => (each as HTMLElement).translate).map(({ outerHTML }) => outerHTML));

/** Where the focus is: whether it is drawn, on it or around it, and whether something lies over all of it. */
const focused = (page: OpenPage) =>
  page.evaluate(() => {
    let element = document.activeElement ?? document.body;
    while (element.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    const root = element.getRootNode() as Document | ShadowRoot;
    const target = element.closest('label') ?? element;
    const isThere = (x: number, y: number) => {
      const there = root.elementFromPoint(x, y);
      return there !== null && (target.contains(there) || there.contains(target));
    };
    // A link that goes on in the next line has two boxes; of a text that is longer than the window, the part within it counts.
    const isSeen = [...target.getClientRects()].some((box) => {
      const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
      const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
      return [0.1, 0.5, 0.9].some((part) => isThere(left + part * (right - left), top + part * (bottom - top)));
    });
    const around: Element[] = [];
    for (
      let each: Element | null = element;
      each;
      each = each.parentElement ?? (each.getRootNode() as ShadowRoot).host ?? null
    )
      around.push(each);
    // The editor's is a border that lies above its gutter.
    const isDrawn = around.some(
      (each) =>
        getComputedStyle(each).outlineStyle !== 'none' || getComputedStyle(each, '::after').borderTopStyle === 'solid',
    );
    const isEditor = element.matches('.cm-content');
    return { isSeen, isDrawn, isEditor, isBody: element === document.body, html: element.outerHTML.slice(0, 120) };
  });

/** The same, once what moves or comes with the focus has done so. */
async function settled(page: OpenPage): ReturnType<typeof focused> {
  for (let tries = 0; tries < 10; tries++) {
    const now = await focused(page);
    if (now.isBody || (now.isSeen && now.isDrawn)) return now;
    await page.waitForTimeout(50);
  }
  return focused(page);
}

describe.each(pages())('%s', (path) => {
  test('has one title, headings that skip no level, a description, and names in code for no translator', async () => {
    const page = await site().open(path);
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    expect(await page.locator('h1').count()).toBe(1);
    expect(await skippedLevels(page)).toEqual([]);
    expect(await page.title()).toContain('Faultline');
    const description = await page.locator('meta[name=description]').getAttribute('content');
    expect(description?.length).toBeGreaterThan(40);
    expect(await translatedCode(page)).toEqual([]);
  });

  test('has targets for fingers, and scrolls in one direction at 320 px and with text twice as large', async () => {
    const page = await site().open(path, { ...calm, viewport: { width: 320, height: 640 } });
    expect(await widthOf(page)).toBe(320);
    expect(await smallTargets(page)).toEqual([]);
    await page.setViewportSize({ width: 1280, height: 720 });
    expect(await smallTargets(page)).toEqual([]);
    await enlarge(page);
    expect(await widthOf(page)).toBe(1280);
    // Beside what stands at its side, a text must not become a column of single words.
    const { width } = (await page.locator('h1').boundingBox())!;
    expect(width).toBeGreaterThan(640);
  });

  test.each([
    { width: 360, height: 640 },
    { width: 1280, height: 720 },
  ])('shows the focus wherever the Tab key takes it, the skip link first, at $width × $height px', async (viewport) => {
    const page = await site().open(path, { ...calm, viewport });
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    const stops: string[] = [];
    const hidden: string[] = [];
    for (;;) {
      await page.keyboard.press('Tab');
      const { isSeen, isDrawn, isEditor, isBody, html } = await settled(page);
      if (isBody) break;
      stops.push(html);
      if (!isSeen || !isDrawn) hidden.push(`${isSeen ? 'not drawn' : 'covered'}: ${html}`);
      // Tab is a character there, until Escape has said that it is not.
      if (isEditor) await page.keyboard.press('Escape');
      if (stops.length > 600) throw new Error(`the focus goes round: ${stops.slice(-3).join(' ')}`);
    }
    expect(hidden).toEqual([]);
    // The search begins in its field.
    if (!path.startsWith('/search/')) expect(stops[0]).toContain('class="skip"');
    await page.locator('a.skip').first().focus();
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
  });
});

describe('a lesson at work, with a verdict and a game', () => {
  async function atWork(viewport: { width: number; height: number }): Promise<OpenPage> {
    const exercise = exercises.find(({ id }) => id === 'can-the-lock-enclose-it') ?? exercises[0]!;
    const bench = await Bench.open(site(), exercise.id, { ...calm, viewport });
    await heard(bench.page);
    await bench.write(exercise.wrong()[0]!.text);
    expect(await bench.run()).toBe('failed');
    await bench.page.locator('fault-scheduler [data-do=begin]').click();
    await bench.page.locator('fault-scheduler [data-move]').first().waitFor();
    return bench.page;
  }

  /** Keeps what live regions say. */
  const heard = (page: OpenPage) =>
    page.evaluate(() => {
      const said: string[] = [];
      Object.assign(window, { said });
      const listen = (region: Element) => {
        const say = () => region.textContent?.trim() && said.push(region.textContent.trim());
        new MutationObserver(say).observe(region, { childList: true, characterData: true, subtree: true });
      };
      for (const region of document.querySelectorAll('fault-workbench [role=status]')) listen(region);
    });

  test.each([
    { width: 320, height: 640 },
    { width: 1280, height: 720 },
  ])('keeps order, sizes and names at $width × $height px', async (viewport) => {
    const page = await atWork(viewport);
    expect(await widthOf(page)).toBe(viewport.width);
    expect(await skippedLevels(page)).toEqual([]);
    expect(await smallTargets(page)).toEqual([]);
    expect(await translatedCode(page)).toEqual([]);
  });

  test('says how the verdict ends once, and nothing of its checks', async () => {
    const page = await atWork({ width: 1280, height: 720 });
    const said = await page.evaluate(() => (window as unknown as { said: string[] }).said);
    expect(said.filter((text) => /checks passed/.test(text))).toHaveLength(1);
    expect(await page.locator('[aria-live=assertive]').count()).toBe(0);
  });
});
