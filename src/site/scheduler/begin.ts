/** The scheduler's script comes with the first press of one of its buttons: most of its readers only read on. */

document.addEventListener('click', async ({ target }) => {
  const button = (target as Element).closest<HTMLElement>('fault-scheduler button');
  const scheduler = button?.closest('fault-scheduler');
  if (!button || !scheduler || customElements.get('fault-scheduler')) return;
  try {
    await import('./scheduler.ts');
    button.click();
  } catch {
    const place = scheduler.querySelector<HTMLElement>('[data-part=failed]');
    if (!place) return;
    place.textContent = 'The script for this did not arrive. Is the network there? Then press again.';
    place.hidden = false;
  }
});
