/** <fault-workbench exercise="…">: fetches its code when it comes near the viewport, or when somebody goes to it. */

class FaultWorkbench extends HTMLElement {
  #observer: IntersectionObserver | undefined;

  connectedCallback(): void {
    if (this.dataset.opened !== undefined) return;
    const bench = this.closest<HTMLElement>('.bench');
    if (bench) void import('../frame/frame.ts').then(({ frame }) => frame(bench));
    // A link brings a text for it.
    if (location.hash.startsWith('#share=')) {
      void this.#open();
      this.scrollIntoView();
      return;
    }
    this.#observer = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && this.#open(),
      {
        rootMargin: '600px',
      },
    );
    this.#observer.observe(this);
  }

  disconnectedCallback(): void {
    this.#observer?.disconnect();
  }

  async #open(): Promise<void> {
    this.#observer?.disconnect();
    this.dataset.opened = '';
    const exercise = this.getAttribute('exercise') ?? '';
    // Before the editor is here: the workers take their time to be ready. What goes wrong, `connect` tells.
    this.#expect(exercise).catch(() => undefined);
    const [{ Workbench }, { partsOf }] = await Promise.all([import('./workbench.ts'), import('./parts.ts')]);
    await new Workbench(partsOf(this), exercise).connect();
  }

  /** Opens the sandbox, and has it rehearse the solution; a program of the reader's own has none, but its starter. */
  async #expect(exercise: string): Promise<void> {
    const starter = this.querySelector('[data-part=editor] pre')?.textContent ?? '';
    const [{ Sandbox }, { solutionOf }] = await Promise.all([
      import('../sandbox/sandbox.ts'),
      import('./exercise-texts.ts'),
    ]);
    const sandbox = await Sandbox.ofPage();
    sandbox?.expect({ exercise, source: await solutionOf(exercise).catch(() => starter) });
  }
}

customElements.define('fault-workbench', FaultWorkbench);
