/** <fault-progress>: says how far the learner is in this browser, and takes it along as a file. */

import { type Export, parseExport } from '#course/merge';
import { counted, formatProgress, NewerProgress } from '#course/progress';
import { loadProgress } from '../progress-store.ts';
import { exportHere, type Imported, importHere, NotStored } from './exchange.ts';

/** Bytes; a hundred times what all exercises with a hundred copies each come to. */
const most = 20_000_000;

class FaultProgress extends HTMLElement {
  connectedCallback(): void {
    this.#tellHere();
    this.#part('export').addEventListener('click', () => this.#export());
    const file = this.#part('file') as HTMLInputElement;
    file.addEventListener('change', async () => {
      const [chosen] = file.files ?? [];
      if (chosen) await this.#import(chosen);
      // So that the same file can be chosen again.
      file.value = '';
    });
  }

  #part(name: string): HTMLElement {
    return this.querySelector(`[data-part=${name}]`) as HTMLElement;
  }

  #tellHere(): void {
    this.#part('here').textContent = `In this browser you have ${counted(loadProgress())}.`;
  }

  #export(): void {
    const exported = exportHere();
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([formatProgress(exported)], { type: 'application/json' }));
    link.download = `faultline-progress-${new Date().toISOString().slice(0, 10)}.json`;
    link.click();
    // Not at once: Safari may not have begun to read it.
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    this.#say([
      `Downloaded as ${link.download}: ${counted(exported)}, ${drafts(Object.keys(exported.drafts).length)}.`,
    ]);
  }

  async #import(file: File): Promise<void> {
    try {
      if (file.size > most) throw new Error('it is too large for a file of progress');
      const imported = importHere(readExport(await file.text()), new Date());
      this.#tellHere();
      this.#say(linesOf(imported));
    } catch (error) {
      this.#say([whyNot(file.name, error)]);
    }
  }

  #say(lines: readonly string[]): void {
    const paragraphs = lines.map((line) => Object.assign(document.createElement('p'), { textContent: line }));
    this.#part('said').replaceChildren(...paragraphs);
  }
}

const readExport = (text: string): Export => parseExport(text.replace(/^\uFEFF/, ''));

function linesOf({ before, progress, made }: Imported): string[] {
  const kept = made.length > 0 ? [`New beside your drafts: ${made.map((name) => `${name}.ts`).join(', ')}.`] : [];
  return [`Imported. You had ${counted(before)}; you have ${counted(progress)}.`, ...kept];
}

function whyNot(name: string, error: unknown): string {
  if (error instanceof NotStored)
    return 'Nothing was imported: this browser has no room left for it, or keeps nothing for this site. What you had is as it was.';
  const why = error instanceof SyntaxError ? 'it is no file of progress' : (error as Error).message;
  const advice = error instanceof NewerProgress ? ' Reload this page: there may be a newer version of the course.' : '';
  return `${name} cannot be imported: ${why}.${advice} What you had is as it was.`;
}

const drafts = (count: number): string => (count === 1 ? 'one draft' : `${count} drafts`);

customElements.define('fault-progress', FaultProgress);
