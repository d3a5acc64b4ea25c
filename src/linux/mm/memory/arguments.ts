/** What C's types would have caught. */

/** Throws for an argument that is no whole number: in C it would not have compiled, here it would end up in a page table. */
export function expectNumbers(called: string, given: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(given)) {
    if (!Number.isSafeInteger(value)) throw new TypeError(`${called}: ${name} is ${String(value)}, not a whole number`);
  }
}
