import { type ChildProcess, spawn } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

describe('npm start', () => {
  let taken: Server;
  let start: ChildProcess;
  let address: string;

  beforeAll(async () => {
    taken = createServer();
    await new Promise<void>((done) => taken.listen(0, '127.0.0.1', done));
    const { port } = taken.address() as AddressInfo;
    start = spawn(process.execPath, ['src/cli/start.ts', '--port', String(port)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    address = await new Promise((done, failed) => {
      let output = '';
      start.stdout?.on('data', (text) => {
        output += text;
        const [url] = /http:\/\/\S+/.exec(output) ?? [];
        if (url) done(url);
      });
      start.once('exit', () => failed(new Error(`npm start ended: ${output}`)));
    });
  });
  afterAll(() => {
    start.kill();
    taken.close();
  });

  test('prints where the course is, on the next free port', async () => {
    expect(Number(new URL(address).port)).toBeGreaterThan((taken.address() as AddressInfo).port);
    const page = await fetch(address);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('Faultline');
  });

  test('shows the site’s own page for what is missing', async () => {
    const page = await fetch(new URL('nowhere/', address));
    expect(page.status).toBe(404);
    expect(await page.text()).toContain('Faultline');
  });
});
