import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Served, serve } from './serve.ts';

const top = realpathSync(mkdtempSync(join(tmpdir(), 'faultline-serve-')));
const root = join(top, 'dist');
let site: Served;

beforeAll(async () => {
  mkdirSync(join(root, 'lessons/one fault'), { recursive: true });
  writeFileSync(join(top, 'secret.txt'), 'secret');
  mkdirSync(join(top, 'dist-other'));
  writeFileSync(join(top, 'dist-other/secret.txt'), 'secret');
  writeFileSync(join(root, 'index.html'), 'home');
  writeFileSync(join(root, 'app.js'), 'export {}');
  writeFileSync(join(root, 'data.unknown'), '?');
  writeFileSync(join(root, 'lessons/one fault/index.html'), 'lesson');
  symlinkSync(join(top, 'secret.txt'), join(root, 'link.txt'));
  site = await serve(root);
});
afterAll(async () => {
  await site.close();
  rmSync(top, { recursive: true });
});

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** Sends the path as it is; fetch() would tidy it first. */
const ask = (path: string, method = 'GET'): Promise<Answer> =>
  new Promise((done, failed) => {
    request({ port: site.port, host: '127.0.0.1', path, method }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text) => (body += text));
      response.on('end', () => done({ status: response.statusCode!, headers: response.headers, body }));
    })
      .on('error', failed)
      .end();
  });

describe('serve', () => {
  test.each([
    ['/', 'home', 'text/html; charset=utf-8'],
    ['/?q=1', 'home', 'text/html; charset=utf-8'],
    ['/app.js', 'export {}', 'text/javascript; charset=utf-8'],
    ['/data.unknown', '?', 'application/octet-stream'],
    ['/lessons/one%20fault/', 'lesson', 'text/html; charset=utf-8'],
  ])('has %s', async (path, body, type) =>
    expect(await ask(path)).toMatchObject({ status: 200, body, headers: { 'content-type': type } }),
  );

  test('leads to a folder under its address with a slash', async () =>
    expect(await ask('/lessons/one%20fault?a=b')).toMatchObject({
      status: 308,
      headers: { location: '/lessons/one%20fault/?a=b' },
    }));

  test('never leads to another host', async () =>
    expect((await ask('//lessons/one%20fault')).headers.location).toBe('/lessons/one%20fault/'));

  test.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/../dist-other/secret.txt',
    '/link.txt',
    '/lessons/',
  ])('has no %s', async (path) => {
    const { status, body } = await ask(path);
    expect({ status, body }).toEqual({ status: 404, body: 'There is no such page. The course begins at /\n' });
  });

  test.each(['/%', '/%00', 'x'])('refuses %s', async (path) => expect((await ask(path)).status).toBe(400));

  test('shows the site’s own page for what is missing', async () => {
    writeFileSync(join(root, '404.html'), 'not here');
    expect(await ask('/nowhere')).toMatchObject({
      status: 404,
      body: 'not here',
      headers: { 'content-type': 'text/html; charset=utf-8' },
    });
    rmSync(join(root, '404.html'));
  });

  test('answers HEAD without a body', async () =>
    expect(await ask('/', 'HEAD')).toMatchObject({ status: 200, body: '' }));
  test('only reads', async () => expect((await ask('/', 'POST')).status).toBe(405));

  test('takes the next port when one is taken', async () => {
    const second = await serve(root, { port: site.port });
    expect(second.port).toBeGreaterThan(site.port);
    await second.close();
  });
});
