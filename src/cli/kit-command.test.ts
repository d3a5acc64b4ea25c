/** The kit: what is in it, that it serves itself, and that it takes nobody's place. */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Track } from '#course/catalogue';
import { type TestDesk, testDesk, verdict } from './fixtures.ts';
import { sheetOf } from './kit/sheet.ts';
import { kitCommand } from './kit-command.ts';

let root: string;
let desk: TestDesk;
const servers: ChildProcess[] = [];

const page = (main: string) =>
  `<!DOCTYPE html><html><head><title>T</title><link rel="stylesheet" href="/_astro/a.css"></head><body><main>${main}</main></body></html>`;

const built: Record<string, string> = {
  'index.html': 'home',
  'lessons/a/index.html': 'lesson',
  'workshop/short/index.html': page('<h1>Short</h1>'),
  'workshop/notes/index.html': page('<h1>Notes</h1>'),
  'checklist/index.html': page('<h1>Questions</h1>'),
  '_astro/a.css': 'h1{color:red}',
  '_astro/a.js': 'export {}',
};

function write(path: string, text: string | Uint8Array): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

beforeEach(async () => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'faultline-kit-')));
  const plain = testDesk(root, () => verdict([]));
  const catalogue = { ...(await plain.catalogue()), tracks: [{ id: 'short' } as Track] };
  desk = { ...plain, catalogue: async () => catalogue };
  for (const [path, text] of Object.entries(built)) write(`dist/${path}`, text);
});
afterEach(() => {
  for (const server of servers.splice(0)) server.kill();
  rmSync(root, { recursive: true });
});

const make = (...args: string[]) => kitCommand(desk, args, () => join(root, 'dist'));
const bytes = (name = 'faultline-kit.zip') => readFileSync(join(root, name));

/** The kit as a folder. */
function unzipped(): string {
  for (const [path, content] of Object.entries(unzipSync(bytes()))) write(`unzipped/${path}`, content);
  return join(root, 'unzipped/faultline-kit');
}

/** Starts the kit's server. Returns the first address that it prints, and all that it has said by then. */
async function served(kit: string): Promise<string> {
  const server = spawn(process.execPath, ['serve.mjs', '0'], { cwd: kit, stdio: ['ignore', 'pipe', 'inherit'] });
  servers.push(server);
  return new Promise((done, failed) => {
    let said = '';
    server.stdout.on('data', (text) => {
      said += text;
      const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(said) ?? [];
      if (url) done(url);
    });
    server.once('exit', () => failed(new Error(`the server ended: ${said}`)));
  });
}

describe('npm run kit', () => {
  test('packs the site, a server, sheets and what to do, into one folder', async () => {
    expect(await make()).toBe(0);
    expect(desk.said.join('\n')).toMatch(/^Written: faultline-kit\.zip, .* the site \(5 pages\), .* 3 sheets to print/);
    const names = Object.keys(unzipSync(bytes()));
    const sheets = ['checklist', 'notes', 'short'].map((name) => `sheets/${name}.html`);
    const own = ['READ-ME-FIRST.txt', 'serve.mjs', ...sheets];
    const site = Object.keys(built).map((path) => `site/${path}`);
    expect(names).toEqual([...own, ...site].sort().map((path) => `faultline-kit/${path}`));
  });

  test('tells the sheets by the names that they have', async () => {
    await make();
    const text = readFileSync(join(unzipped(), 'READ-ME-FIRST.txt'), 'utf8');
    expect(text.match(/sheets\/\S+/g)).toEqual(['sheets/short.html', 'sheets/notes.html', 'sheets/checklist.html']);
    expect(text).toMatch(/^[\n -~]*$/);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('makes the same bytes of the same site, whatever the day and the time zone', async () => {
    const zone = process.env.TZ;
    await make();
    process.env.TZ = 'Pacific/Auckland';
    try {
      await make('--out', 'again.zip');
    } finally {
      if (zone === undefined) delete process.env.TZ;
      else process.env.TZ = zone;
    }
    expect(bytes('again.zip').equals(bytes())).toBe(true);
    write('dist/index.html', 'another home');
    await make('--out', 'again.zip');
    expect(bytes('again.zip').equals(bytes())).toBe(false);
  });

  test('makes a server of one file, which serves the site and nothing beside it', async () => {
    await make();
    const kit = unzipped();
    expect(readFileSync(join(kit, 'serve.mjs'), 'utf8')).not.toMatch(/from ["'](?!node:)/);
    const url = await served(kit);
    const home = await fetch(url);
    expect([await home.text(), home.headers.get('content-type')]).toEqual(['home', 'text/html; charset=utf-8']);
    expect(await (await fetch(`${url}/lessons/a`)).text()).toBe('lesson');
    expect((await fetch(`${url}/_astro/a.js`)).headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect((await fetch(`${url}/..%2fserve.mjs`)).status).toBe(404);
  });

  test('makes a server that says how it is used, and serves nothing meanwhile', async () => {
    await make();
    const kit = unzipped();
    const run = (...args: string[]) =>
      spawnSync(process.execPath, ['serve.mjs', ...args], { cwd: kit, encoding: 'utf8' });
    for (const asked of ['--help', '-h'])
      expect(run(asked)).toMatchObject({
        status: 0,
        stdout: expect.stringMatching(/^node serve\.mjs \[PORT\]\n/),
        stderr: '',
      });
    const refused = run('everybody');
    expect(refused).toMatchObject({ status: 1, stdout: '' });
    expect(refused.stderr).toMatch(/^'everybody' is not a port\n\nnode serve\.mjs \[PORT\]\n/);
  });

  test('replaces an earlier kit, and no other file', async () => {
    await make();
    const earlier = bytes();
    write('dist/index.html', 'another home');
    expect(await make()).toBe(0);
    expect(bytes().equals(earlier)).toBe(false);
    const foreign = { text: strToU8('mine'), zip: zipSync({ 'serve.mjs': strToU8('mine') }) };
    for (const mine of Object.values(foreign)) {
      write('mine.zip', mine);
      expect(await make('--out', 'mine.zip')).toBe(2);
      expect(bytes('mine.zip').equals(mine)).toBe(true);
    }
    expect(desk.complaints.join('\n')).toMatch(/mine\.zip is there already, and is no kit: it stays as it is/);
  });

  test.each([
    [['--out', 'kit.tar'], 'the kit is a zip'],
    [['--out', 'nowhere/kit.zip'], 'the folder is not there'],
    [['more'], 'npm run kit'],
  ])('refuses %j with a word on what to do', async (args, word) => {
    expect(await make(...args)).toBe(2);
    expect(desk.complaints.join('\n')).toContain(word);
  });

  test('says so where there is no site to pack', async () => {
    const site = () => {
      throw new Error('the site could not be built');
    };
    expect(await kitCommand(desk, [], site)).toBe(1);
    expect(desk.complaints).toEqual(['the site could not be built']);
    expect(() => bytes()).toThrow('ENOENT');
  });
});

describe('a sheet', () => {
  const sheet = (main: string) => sheetOf(page(main), (address) => `/* ${address} */`);

  test('brings its styles, and asks for no other file', () => {
    expect(sheet('<p>x</p>')).toContain('<style>/* /_astro/a.css */</style>');
    expect(sheet('<a href="/lessons/a/">x</a> <a href="https://lore.kernel.org/">y</a>')).toContain(
      '<a>x</a> <a href="https://lore.kernel.org/">y</a>',
    );
    expect(sheet('<script type="module" src="/a.js"></script>')).not.toContain('a.js');
  });

  test('shows what is folded, and nothing to press', () => {
    expect(sheet('<details><summary>s</summary>told</details>')).toContain('<details open="">');
    const shown = sheet('<p class="needs-script screen-only"><input></p><nav><a href="/">up</a></nav>');
    expect(shown).not.toMatch(/<input|up/);
  });

  test('leads to no place that is not on it', () => {
    const made = sheet('<p id="here">x</p><nav id="there">y</nav><a href="#here">1</a><a href="#there">2</a>');
    expect(made).toContain('<a href="#here">1</a><a>2</a>');
  });

  test('is not made of what is no page', () =>
    expect(() => sheetOf('<p>x</p>', () => '')).toThrow('a title and a main part'));
});
