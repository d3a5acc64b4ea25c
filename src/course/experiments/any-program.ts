import type { Program } from '#explore';

/** A program, whatever its world is: that is its own business. */
// biome-ignore lint/suspicious/noExplicitAny: what is done with such a program hands its world from one of its functions to another.
export type AnyProgram = Program<any>;
