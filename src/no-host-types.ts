/** Proves that no host's types leak into this project (a dependency can bring them in): if one does, its expected error is gone. */

// @ts-expect-error Node's types must not be visible here.
export type NodeHost = typeof process;
// @ts-expect-error Nor the DOM's.
export type BrowserHost = typeof document;
