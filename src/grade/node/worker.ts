/** The thread's first file: what it loads is kept compiled, so that the next thread is ready sooner. */

import { enableCompileCache, flushCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

enableCompileCache(fileURLToPath(new URL('../../../.cache/node', import.meta.url)));
const { ready } = await import('./grading.ts');
await ready;
flushCompileCache();
