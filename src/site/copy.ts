/** Puts a text on the clipboard. Returns false where that cannot be had: then the text has to be shown. */
export async function copyText(text: string): Promise<boolean> {
  try {
    // Only where the page came over https, or from this machine.
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(text);
      return true;
    }
  } catch {
    // The browser has not allowed it: the older way may do.
  }
  const place = document.createElement('textarea');
  place.value = text;
  place.className = 'visually-hidden';
  const focused = document.activeElement;
  document.body.append(place);
  place.select();
  try {
    return document.execCommand('copy');
  } finally {
    place.remove();
    if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  }
}
