/** `npm run lint`: the types, room group by room group (the walls that types can see), then Biome: rules, names, walls, format. */

import { spawn } from 'node:child_process';

interface Tool {
  name: string;
  /** Run by this very Node, so that it is the project's own and not the machine's. */
  script: string;
  args: string[];
}

const typescript = 'node_modules/typescript/bin/tsc';

const tools: Tool[] = [
  { name: 'types: explore, linux, the core of grade (no host)', script: typescript, args: ['-p', 'src'] },
  { name: 'types: exercises (no host)', script: typescript, args: ['-p', 'exercises'] },
  { name: 'types: course, cli, tests (Node)', script: typescript, args: ['-p', '.'] },
  {
    name: 'types: site (browser)',
    script: 'node_modules/astro/bin/astro.mjs',
    args: ['check', '--tsconfig', 'src/site/tsconfig.json'],
  },
  {
    name: 'rules, names, walls, format',
    script: 'node_modules/@biomejs/biome/bin/biome',
    args: ['check', '--error-on-warnings'],
  },
];

/** Runs one tool to its end, and prints what it said only if it failed. */
async function passes({ name, script, args }: Tool): Promise<boolean> {
  const child = spawn(process.execPath, [script, ...args], {
    env: {
      ...process.env,
      ASTRO_TELEMETRY_DISABLED: '1',
      ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' }),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  const code = await new Promise((done) => child.once('close', done));
  console.log(`${code === 0 ? 'ok    ' : 'FAILED'} ${name}`);
  if (code !== 0) console.log(output);
  return code === 0;
}

const results = await Promise.all(tools.map(passes));
if (results.includes(false)) {
  console.log('lint: failed (npm run format mends what is only a matter of format)');
  process.exitCode = 1;
}
