/** The miniature's script comes when somebody points at it, goes into it, or presses one of its buttons. */

const load = () => import('./fault-miniature.ts');

const miniature = document.querySelector<HTMLElement>('fault-miniature');
for (const sign of ['pointerover', 'focusin']) miniature?.addEventListener(sign, load, { once: true });

miniature?.addEventListener('click', async ({ target }) => {
  const button = (target as Element).closest<HTMLElement>('button');
  if (!button || customElements.get('fault-miniature')) return;
  try {
    await load();
    button.click();
  } catch {
    const place = miniature.querySelector('[data-part=spoken]');
    if (!place) return;
    place.classList.remove('visually-hidden');
    place.textContent = 'The script for this did not arrive. Is the network there? Then press again.';
  }
});
