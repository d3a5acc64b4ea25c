/** Gives pages the recordings of real kernels, read while the site is built: `virtual:faultline/recordings`. */

import type { AstroIntegration } from 'astro';
import type { Plugin } from 'vite';
import { keptRecordings } from '#fidelity/node/recordings';

const id = 'virtual:faultline/recordings';
const resolved = `\0${id}`;

export function recordings(): AstroIntegration {
  return {
    name: 'faultline:recordings',
    hooks: {
      'astro:config:setup': ({ updateConfig }) => void updateConfig({ vite: { plugins: [recordingsPlugin()] } }),
    },
  };
}

/** The same where there is no Astro: in tests. */
export const recordingsPlugin = (): Plugin => ({
  name: 'faultline:recordings',
  resolveId: (source) => (source === id ? resolved : undefined),
  load: (source) =>
    source === resolved ? `export const recordings = ${JSON.stringify(keptRecordings())};` : undefined,
});
