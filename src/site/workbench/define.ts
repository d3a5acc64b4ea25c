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
    // Before the editor is here: the workers take their time to be ready. What goes wrong, `connect` tells.
    import('../sandbox/sandbox.ts').then(({ Sandbox }) => Sandbox.ofPage()).catch(() => undefined);
    const [{ Workbench }, { partsOf }] = await Promise.all([import('./workbench.ts'), import('./parts.ts')]);
    await new Workbench(partsOf(this), this.getAttribute('exercise') ?? '').connect();
  }
}

customElements.define('fault-workbench', FaultWorkbench);
