/** The elements of a server-rendered workbench (WorkbenchSlot.astro), by what they are for. */

export interface Parts {
  readonly root: HTMLElement;
  readonly run: HTMLButtonElement;
  readonly stop: HTMLButtonElement;
  readonly reset: HTMLButtonElement;
  /** The buttons below. */
  readonly acts: HTMLElement;
  /** Two of them; absent where the program belongs to no exercise, so that there is nothing to be helped to. */
  readonly help?: { readonly hint: HTMLButtonElement; readonly solve: HTMLButtonElement };
  /** The editor's place; until it comes, the starter stands there. */
  readonly editor: HTMLElement;
  /** What is going on, for the eye; it changes often. */
  readonly state: HTMLElement;
  /** What is going on, for the ear. */
  readonly status: HTMLElement;
  readonly verdict: HTMLElement;
  readonly hints: HTMLElement;
  readonly solution: HTMLElement;
}

export function partsOf(root: HTMLElement): Parts {
  const find = <T extends HTMLElement>(name: string) => root.querySelector<T>(`[data-part="${name}"]`);
  const part = <T extends HTMLElement>(name: string): T => {
    const found = find<T>(name);
    if (!found) throw new Error(`the workbench has no "${name}"`);
    return found;
  };
  const [hint, solve] = [find<HTMLButtonElement>('hint'), find<HTMLButtonElement>('solve')];
  return {
    root,
    run: part('run'),
    stop: part('stop'),
    reset: part('reset'),
    acts: part('acts'),
    ...(hint && solve ? { help: { hint, solve } } : {}),
    editor: part('editor'),
    state: part('state'),
    status: part('status'),
    verdict: part('verdict'),
    hints: part('hints'),
    solution: part('solution'),
  };
}
