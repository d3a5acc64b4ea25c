/** Which of its worlds a grader boots: those of the lesson, or others, so that an answer is not made for one world only. */

export const variantNames = ['usual', 'fresh', 'harder'] as const;

/** `usual`: as in the lesson. `fresh`: other names, pages and numbers. `harder`: more goes on. */
export type Variant = (typeof variantNames)[number];

let current: Variant = 'usual';

/** Before a grader is read. */
export function chooseVariant(variant: Variant = 'usual'): void {
  current = variant;
}

/** What the grader boots now, of an exercise's `variants.ts`. Throws where a variant is missing. */
export function chosen<T>(variants: Readonly<Record<Variant, T>>): T {
  const missing = variantNames.find((name) => !Object.hasOwn(variants, name));
  if (missing !== undefined) throw new Error(`variants.ts lacks “${missing}”: it has usual, fresh and harder`);
  return variants[current];
}
