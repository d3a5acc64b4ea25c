declare module 'virtual:faultline/sandbox' {
  /** The sandboxed frame's whole document. */
  export const frameDocument: string;
  /** Where the grading script is served. */
  export const gradingScriptAddress: string;
  /** What the page's policy must hold for the frame, which inherits it. */
  export const pageSources: { readonly script: string; readonly worker: string };
}

declare module '*.css?url' {
  const address: string;
  export default address;
}

declare module 'virtual:faultline/recordings' {
  import type { Recording } from '#fidelity/recording';
  /** All that are kept, by name. */
  export const recordings: Readonly<Record<string, Recording>>;
}
