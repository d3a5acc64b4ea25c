/** A link to the workbench puts the cursor into its editor. Beside the lesson it is in sight already: then the page stays. */

document.addEventListener('click', (event) => {
  const link = event.target instanceof Element && event.target.closest('a[href="#workbench"]');
  const bench = document.querySelector<HTMLElement>('#workbench');
  if (!link || !bench || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  if (getComputedStyle(bench).position !== 'fixed') bench.scrollIntoView();
  editorIn(bench).focus({ preventScroll: true });
});

/** Until the editor has come, and where it does not, the workbench itself. */
function editorIn(bench: HTMLElement): HTMLElement {
  const place = bench.querySelector('[data-part=editor]');
  return place?.shadowRoot?.querySelector<HTMLElement>('[contenteditable=true]') ?? bench;
}
