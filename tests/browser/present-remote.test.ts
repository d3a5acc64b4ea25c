/** A presenter with nothing but a remote, which sends PageDown and PageUp; and two windows that stay in step. */

import { describe, expect, test } from 'vitest';
import { bothOf, same, View } from './present-view.ts';
import { withSite } from './site.ts';

const site = withSite();

const marked = (view: View) => () => view.slide.locator('[data-marked]').allInnerTexts();
/** Whose step each one was, by lane. */
const lanes = (view: View): Promise<unknown[]> =>
  view.slide
    .locator('[data-part=stepper] tbody tr')
    .evaluateAll((rows) => rows.map((row) => row.querySelector('.runs')?.className.match(/cpu-(\d)/)?.[1]));

async function game(): Promise<{ view: View; at: number }> {
  const view = await View.open(site(), '/present/can-the-lock-enclose-it/');
  const at = await view.find('fault-scheduler');
  await view.press('PageDown');
  await view.slide.locator('[data-marked]').waitFor();
  return { view, at };
}

describe('a game by remote', () => {
  test('is begun by forward; forward takes the CPU that is marked, back marks the other one', async () => {
    const { view } = await game();
    await view.press('PageDown');
    await same(view.step, '1 of 1');
    await view.press('PageDown');
    await same(view.step, '2 of 2');
    await view.press('PageUp', 'PageDown');
    await same(view.step, '3 of 3');
    expect(await lanes(view)).toEqual(['0', '0', '1']);
  });

  test('is undone, and left for the next slide', async () => {
    const { view, at } = await game();
    await view.press('PageDown');
    await same(view.step, '1 of 1');
    await view.press('PageUp', 'PageUp');
    await same(marked(view), ['Undo']);
    await view.press('PageDown');
    await same(view.step, '0 of 1');
    await view.press('PageUp', 'PageUp');
    await same(marked(view), ['Next slide']);
    await view.press('PageDown');
    expect(await view.at()).toBe(at + 1);
  });

  test('is left for the slide before; whoever comes back finds it at rest, and forward goes on with it', async () => {
    const { view, at } = await game();
    await view.press('PageDown');
    await same(view.step, '1 of 1');
    await view.press('PageUp', 'PageUp', 'PageUp', 'PageUp');
    await same(marked(view), ['Previous slide']);
    await view.press('PageDown');
    expect(await view.at()).toBe(at - 1);
    await view.press('PageDown');
    expect(await view.at()).toBe(at);
    expect(await marked(view)()).toEqual([]);
    await view.press('PageUp');
    expect(await view.at()).toBe(at - 1);
    await view.press('PageDown', 'PageDown');
    await same(async () => (await marked(view)()).length, 1);
    expect(await view.step()).toBe('1 of 1');
  });

  test('that is over is left by forward', async () => {
    const { view, at } = await game();
    for (let steps = 1; (await view.slide.locator('[data-move]').count()) > 0; steps++) {
      await view.press('PageDown');
      await same(async () => (await view.step()).startsWith(`${steps} of`) || steps, true);
    }
    await same(marked(view), ['Next slide']);
    await view.press('PageDown');
    expect(await view.at()).toBe(at + 1);
  });

  test('leaves keys what they did: a letter moves its CPU, an arrow goes on with it and back', async () => {
    const { view } = await game();
    await view.press('b');
    await same(view.step, '1 of 1');
    await view.press('ArrowRight');
    await same(view.step, '2 of 2');
    expect(await lanes(view)).toEqual(['1', '1']);
    await view.press('ArrowLeft', 'u');
    await same(view.step, '0 of 2');
  });

  test('says on the slide how it goes, before it has begun and within', async () => {
    const view = await View.open(site(), '/present/can-the-lock-enclose-it/');
    await view.find('fault-scheduler');
    expect(await view.slide.innerText()).toContain('Remote: forward begins.');
    await view.press('PageDown');
    await view.slide.locator('.keys-told', { hasText: 'Remote: back marks' }).waitFor();
  });
});

describe('two windows show the same', () => {
  test('choice marked in a game', async () => {
    const { room, notes } = await bothOf(site(), 'can-the-lock-enclose-it');
    await notes.find('fault-scheduler');
    await same(room.at, await notes.at());
    await notes.press('PageDown');
    await same(async () => (await marked(room)()).length, 1);
    await notes.press('PageUp');
    await same(() => room.slide.locator('[data-marked]').getAttribute('data-move'), 'B');
    await room.press('PageDown');
    await same(notes.step, '1 of 1');
    expect(await lanes(notes)).toEqual(['1']);
  });

  test('beginning of a game, of which the one that follows tells nothing: it would take back what has been marked since', async () => {
    const { room, notes } = await bothOf(site(), 'can-the-lock-enclose-it');
    await notes.find('fault-scheduler');
    await same(room.at, await notes.at());
    const told = await room.page.evaluateHandle(() => {
      const messages: unknown[] = [];
      const { postMessage } = BroadcastChannel.prototype;
      BroadcastChannel.prototype.postMessage = function (message) {
        messages.push(message);
        postMessage.call(this, message);
      };
      return messages;
    });
    await notes.press('PageDown');
    await same(async () => (await marked(room)()).length, 1);
    expect(await told.jsonValue()).toEqual([]);
  });

  test('folds, whichever opens or closes them, and after it is loaded again', async () => {
    const { room, notes } = await bothOf(site(), 'review-a-patch');
    await room.find('details ol');
    await same(notes.at, await room.at());
    const isOpen = (view: View) => () =>
      view.slide
        .locator('details')
        .first()
        .evaluate((fold) => fold.hasAttribute('open'));
    expect([await isOpen(room)(), await isOpen(notes)()]).toEqual([true, true]);
    await room.slide.locator('summary').first().click();
    await same(isOpen(notes), false);
    await notes.slide.locator('summary').first().press('Enter');
    await same(isOpen(room), true);
    await room.slide.locator('summary').first().click();
    await same(isOpen(notes), false);
    await notes.page.reload();
    await same(isOpen(notes), false);
  });

  test('fold below a game', async () => {
    const { room, notes } = await bothOf(site(), 'can-the-lock-enclose-it');
    await notes.find('fault-scheduler');
    await same(room.at, await notes.at());
    await notes.slide.locator('.explored summary').click();
    await room.slide.locator('.explored[open]').waitFor();
    await room.slide.locator('.explored summary').click();
    await notes.slide.locator('.explored:not([open])').waitFor();
  });
});
