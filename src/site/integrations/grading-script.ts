/**
 * Builds the grading script, one self-contained classic script, and serves it beside the pages under a name that holds its
 * hash; and gives the pages what belongs to the sandbox: `virtual:faultline/sandbox`.
 */

import { createHash } from 'node:crypto';
import type { AstroIntegration } from 'astro';
import type { Plugin, ViteDevServer } from 'vite';
import { buildWorker } from '#grade/node/build-worker';
import { policies } from '../sandbox/policy.ts';

const id = 'virtual:faultline/sandbox';
const resolved = `\0${id}`;
const devName = '_faultline/grading.js';

export function gradingScript(): AstroIntegration {
  return {
    name: 'faultline:grading-script',
    hooks: {
      'astro:config:setup': ({ config, command, updateConfig }) => {
        updateConfig({ vite: { plugins: [plugin(config.base.replace(/\/?$/, '/'), command === 'dev')] } });
      },
    },
  };
}

function plugin(base: string, isDev: boolean): Plugin {
  const { frameDocument, pageSources } = policies();
  let building: Promise<string> | undefined;
  const script = (): Promise<string> => {
    building ??= buildWorker();
    return building;
  };
  const nameOf = async (): Promise<string> => (isDev ? devName : `_astro/grading.${fingerprint(await script())}.js`);
  return {
    name: 'faultline:grading-script',
    // Traces of experiments show names of functions, and every generation of the driver has a vfio_pci_mmap_fault: bundled
    // into one file, they would be told apart by a number behind the name.
    configEnvironment: (environment) =>
      environment === 'client' ? {} : { build: { rolldownOptions: { output: { keepNames: true } } } },
    resolveId: (source) => (source === id ? resolved : undefined),
    async load(source) {
      if (source !== resolved) return undefined;
      const values = { frameDocument, pageSources, gradingScriptAddress: base + (await nameOf()) };
      return Object.entries(values)
        .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};`)
        .join('\n');
    },
    async generateBundle() {
      if (this.environment.name !== 'client') return;
      this.emitFile({ type: 'asset', fileName: await nameOf(), source: await script() });
    },
    configureServer(server) {
      if (!isDev) return;
      serve(server, base + devName, script, () => {
        building = undefined;
      });
    },
  };
}

const fingerprint = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);

/** In development: built when it is asked for, and again after a file has changed that it may hold. */
function serve(
  { middlewares, watcher }: ViteDevServer,
  path: string,
  script: () => Promise<string>,
  forget: () => void,
): void {
  const isPart = /\/(?:src\/(?:explore|linux|grade)|exercises|content\/misconceptions)\//;
  watcher.on('all', (_, file) => {
    if (isPart.test(file.replaceAll('\\', '/'))) forget();
  });
  middlewares.use((request, response, next) => {
    if (request.url?.split('?')[0] !== path) return next();
    script().then((text) => response.setHeader('content-type', 'text/javascript').end(text), next);
  });
}
