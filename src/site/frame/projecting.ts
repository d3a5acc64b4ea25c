/** The workbench alone in the whole window, in larger type, for a room to see: on the whole screen, where the browser lets it. */

export class Projecting {
  readonly #root = document.documentElement;
  readonly #bench: HTMLElement;
  readonly #button: HTMLElement | null;
  /** What is out of reach meanwhile, and where the page stood. */
  #left: { readonly inert: readonly HTMLElement[]; readonly scrollY: number } | undefined;

  constructor(bench: HTMLElement) {
    this.#bench = bench;
    this.#button = bench.querySelector<HTMLElement>('[data-part=project]');
    this.#button?.addEventListener('click', () => this.#toggle());
    bench.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.#toggle();
    });
    document.addEventListener('keydown', (event) => {
      // What has been closed by it, a list of completions or a dialog, was meant.
      const meant = event.defaultPrevented || (event.target instanceof Element && event.target.closest('dialog'));
      if (event.key === 'Escape' && !meant) this.#leave();
    });
    document.addEventListener('fullscreenchange', () => {
      if (!document.fullscreenElement) this.#leave();
    });
  }

  #toggle(): void {
    if (this.#left) this.#leave();
    else this.#enter();
  }

  #enter(): void {
    const inert = othersThan(this.#bench).filter((element) => !element.inert);
    this.#left = { inert, scrollY };
    for (const element of inert) element.inert = true;
    this.#show(true);
    // Where there is none, or it is refused, the window is the screen.
    this.#root.requestFullscreen?.().then(
      // Somebody may have left before it came.
      () => {
        if (!this.#left) void document.exitFullscreen();
      },
      () => {},
    );
  }

  #leave(): void {
    if (!this.#left) return;
    const { inert, scrollY: before } = this.#left;
    this.#left = undefined;
    for (const element of inert) element.inert = false;
    this.#show(false);
    scrollTo({ top: before, behavior: 'instant' });
    if (document.fullscreenElement) void document.exitFullscreen();
  }

  #show(on: boolean): void {
    this.#root.toggleAttribute('data-projecting', on);
    this.#button?.setAttribute('aria-pressed', String(on));
  }
}

/** All that stands beside it, and beside what it stands in. */
function othersThan(element: HTMLElement): HTMLElement[] {
  const parent = element.parentElement;
  if (!parent || element === document.body) return [];
  const beside = [...parent.children].filter((child): child is HTMLElement => child instanceof HTMLElement);
  return [...beside.filter((child) => child !== element && !child.matches('script, style')), ...othersThan(parent)];
}
