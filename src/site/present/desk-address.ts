/** The address of the lesson for others to type: not where it leads to this machine alone. */
export function tellDeskAddress(): void {
  const place = document.querySelector<HTMLElement>('.desk [data-part=address]');
  const link = document.querySelector<HTMLAnchorElement>('.desk a');
  if (!place || !link || /^(?:localhost|127\.|\[::1\])/.test(location.host)) return;
  place.textContent = link.host + link.pathname;
  place.hidden = false;
}
