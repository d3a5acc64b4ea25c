/** The thread's first file: what it loads is kept compiled, so that the next thread is ready sooner. */

import { enableCompileCache, flushCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';
import './hooks.ts';

enableCompileCache(fileURLToPath(new URL('../../../.cache/node', import.meta.url)));
await import('./grading.ts');
flushCompileCache();
