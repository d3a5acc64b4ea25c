/** Styles that come with a script: those that a page imports would all be a part of what it loads at first. */

const added = new Map<string, Promise<void>>();

/** Resolves once they hold; also where they cannot be had, since what is drawn without them is better than nothing. */
export function styleSheet(address: string): Promise<void> {
  const known = added.get(address);
  if (known) return known;
  const { promise, resolve } = Promise.withResolvers<void>();
  const link = document.createElement('link');
  link.rel = 'stylesheet';
  link.href = address;
  link.addEventListener('load', () => resolve());
  link.addEventListener('error', () => resolve());
  document.head.append(link);
  added.set(address, promise);
  return promise;
}
