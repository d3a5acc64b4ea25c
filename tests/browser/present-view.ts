/** What a presenter does in a window of a presentation. */

import type { BrowserContext } from 'playwright-core';
import { expect } from 'vitest';
import { type OpenPage, openTab, type Site } from './site.ts';

export const projector = { viewport: { width: 1280, height: 720 }, reducedMotion: 'reduce' } as const;

/** One window of a presentation. */
export class View {
  readonly page: OpenPage;

  constructor(page: OpenPage) {
    this.page = page;
  }

  static open = async (site: Site, path: string, options: object = projector) =>
    new View(await site.open(path, options));

  get slide() {
    return this.page.locator('.slide[data-current]');
  }

  press = async (...keys: string[]): Promise<void> => {
    for (const key of keys) await this.page.keyboard.press(key);
  };

  count = (): Promise<number> => this.page.locator('.slide').count();

  /** Which slide is shown, from 1. */
  at = async (): Promise<number> => Number((await this.slide.getAttribute('id'))?.replace('step-', ''));

  /** Of the execution or the game on the slide. */
  step = (): Promise<string> => this.slide.locator('fault-stepper output').first().innerText();

  /** Goes to the first slide that has that element. */
  async find(selector: string): Promise<number> {
    const id = await this.page.locator(`.slide:has(${selector})`).first().getAttribute('id');
    return this.goTo(id ?? '');
  }

  /** The slides that have that element, one after the other. */
  async *each(selector: string): AsyncGenerator<string> {
    for (const slide of await this.page.locator(`.slide:has(${selector})`).all()) {
      const id = (await slide.getAttribute('id')) ?? '';
      await this.goTo(id);
      yield id;
    }
  }

  async goTo(id: string): Promise<number> {
    await this.page.evaluate((hash) => location.assign(hash), `#${id}`);
    await this.page.locator(`#${id}[data-current]`).waitFor();
    return this.at();
  }

  /** The execution on the slide can be stepped through. */
  async ready(): Promise<void> {
    await this.slide.locator('fault-stepper[data-ready]').first().waitFor();
  }
}

/** Slides and notes of a lesson, in two windows of one browser. */
export async function bothOf(
  site: Site,
  lesson: string,
): Promise<{ room: View; notes: View; context: BrowserContext }> {
  const room = await View.open(site, `/present/${lesson}/`);
  const context = room.page.context();
  const notes = new View(await openTab(context, `${site.url}/present/${lesson}/notes/`));
  return { room, notes, context };
}

export const same = (read: () => Promise<unknown>, value: unknown) =>
  expect.poll(read, { timeout: 10_000 }).toEqual(value);
