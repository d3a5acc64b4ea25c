/** The elements of a server-rendered workbench (WorkbenchSlot.astro), by what they are for. */

export interface Parts {
  readonly root: HTMLElement;
  readonly run: HTMLButtonElement;
  readonly stop: HTMLButtonElement;
  readonly reset: HTMLButtonElement;
  readonly hint: HTMLButtonElement;
  readonly solve: HTMLButtonElement;
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
  const part = <T extends HTMLElement>(name: string): T => {
    const found = root.querySelector<T>(`[data-part="${name}"]`);
    if (!found) throw new Error(`the workbench has no "${name}"`);
    return found;
  };
  return {
    root,
    run: part('run'),
    stop: part('stop'),
    reset: part('reset'),
    hint: part('hint'),
    solve: part('solve'),
    editor: part('editor'),
    state: part('state'),
    status: part('status'),
    verdict: part('verdict'),
    hints: part('hints'),
    solution: part('solution'),
  };
}
