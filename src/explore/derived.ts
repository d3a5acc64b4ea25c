/** Getters that a world may have, though its data must be plain. */

const getters = new WeakSet<object>();

/**
 * Marks a getter as one that a world may have: what it gives depends on nothing but what the running task has learnt from its
 * operations, as everything in its body does.
 */
export function derived<T>(getter: () => T): () => T {
  getters.add(getter);
  return getter;
}

export const isDerived = (getter: object): boolean => getters.has(getter);
