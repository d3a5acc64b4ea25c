/** `npm run dev`: the site for authors, rebuilt as they write. `-- --port 8000` for another port than 4321; Astro prints where. */

import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { dev } from './astro.ts';

const { values } = parseArgs({ options: { port: { type: 'string' } } });
const root = fileURLToPath(new URL('../../', import.meta.url));

await dev({ root, ...(values.port ? { server: { port: Number(values.port) } } : {}) });
