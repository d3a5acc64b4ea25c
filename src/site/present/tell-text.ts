/** Writes a text into a part of the page, if there is such a part. One that says the same again must not be read out again. */
export function tellText(part: string, text: string): void {
  const element = document.querySelector(`[data-part=${part}]`);
  if (element && element.textContent !== text) element.textContent = text;
}
