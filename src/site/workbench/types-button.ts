/** The button that brings types and completion into the editor. Until it is pressed, nothing of them is loaded. */

import type { Editor } from './editor.ts';

const help = 'Types are on. Point at a name for its type; Ctrl-Space completes.';

export class TypesButton {
  readonly #button = document.createElement('button');
  readonly #editor: Editor;
  readonly #tell: (text: string) => void;
  #busy = false;

  /** `acts`: where the button has its place. */
  constructor(acts: Element, editor: Editor, tell: (text: string) => void) {
    this.#editor = editor;
    this.#tell = tell;
    Object.assign(this.#button, { type: 'button', className: 'quiet', textContent: 'Types' });
    this.#button.title = 'Types and completion: some 1.5 MB, once';
    this.#button.dataset.part = 'types';
    this.#button.ariaPressed = 'false';
    acts.append(this.#button);
    this.#button.addEventListener('click', () => this.#toggle());
  }

  async #toggle(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    const isOn = this.#button.ariaPressed === 'true';
    try {
      if (isOn) this.#editor.useTypes(undefined);
      else await this.#load();
      this.#button.ariaPressed = String(!isOn);
      this.#tell(isOn ? 'Types are off.' : help);
    } catch {
      this.#tell(
        'The types did not arrive: they need a connection the first time. Press Types again when there is one.',
      );
    } finally {
      this.#busy = false;
    }
  }

  async #load(): Promise<void> {
    this.#tell('Types are being loaded …');
    const [{ openTypes }, { editorTypes }] = await Promise.all([
      import('../types/client.ts'),
      import('../types/editor-types.ts'),
    ]);
    types ??= openTypes();
    try {
      const asked = await types;
      this.#editor.useTypes((show) => editorTypes(asked, show));
    } catch (error) {
      types = undefined;
      throw error;
    }
  }
}

/** One worker for all the editors of a page. */
let types: ReturnType<typeof import('../types/client.ts').openTypes> | undefined;
