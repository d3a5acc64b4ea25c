/** What an outcome says of a call: its words, or the name of its error. */

import * as errno from '../include/linux/errno.ts';

export function told(result: number, words: string): string {
  if (result >= 0) return words;
  const found = Object.entries(errno).find(([, value]) => value === -result);
  return `-${found?.[0] ?? -result}`;
}
