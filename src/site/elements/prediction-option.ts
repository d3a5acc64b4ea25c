/** Shows what is said of one option, and whether it was the one that was chosen. */
export function showOption(option: HTMLElement, chosen: string | undefined): void {
  const input = option.querySelector('input');
  const reason = option.querySelector<HTMLElement>('.reason');
  if (!input || !reason) return;
  input.checked = input.value === chosen;
  input.disabled = true;
  reason.hidden = false;
  // Only now: a screen reader would read a description that is hidden, and with it the answer.
  input.setAttribute('aria-describedby', reason.id);
  const yours = option.querySelector<HTMLElement>('.yours');
  if (yours) yours.hidden = !input.checked;
}
