/**
 * The Chromium inside the npm package @sparticuz/chromium (Linux x64), for machines without a browser.
 * Fetched once into .cache/, when the tests first need it: not a dependency that every learner downloads.
 */

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import type { FoundBrowser } from './find-browser.ts';

const run = promisify(execFile);
const unbrotli = promisify(brotliDecompress);

const version = '147.0.0';
const integrity = 'sha512-4ZKeAQQa8up2mt675qSitztLdbQrlf8BKdC5naeap+5Mv1OV1OlJdPoU+EJC/p5sQUJUQmN4r+q5+EhaaOUHpQ==';

const cache = resolve(import.meta.dirname, '../../.cache');
const home = join(cache, `chromium-${version}`);

/** Throws unless these bytes are the very ones that were tried. */
export function verify(bytes: Uint8Array, expected = integrity): void {
  const actual = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  if (actual !== expected)
    throw new Error(`@sparticuz/chromium ${version} is not the package that was tried: its integrity is ${actual}`);
}

/** Fetches the package with npm, so that the user's own registry and proxy are used. */
async function download(folder: string): Promise<string> {
  const npm = ['pack', `@sparticuz/chromium@${version}`, '--pack-destination', folder];
  await run('npm', npm, { cwd: folder });
  const tarball = join(folder, `sparticuz-chromium-${version}.tgz`);
  verify(await readFile(tarball));
  return tarball;
}

/** Fontconfig is told of the fonts that come along, and of the machine's own. */
const fontsConf = (folder: string): string => `<?xml version="1.0"?>
<fontconfig>
  <dir>${folder}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>${folder}/fonts-cache</cachedir>
</fontconfig>
`;

/** Unpacks the browser, the libraries that a bare machine lacks (nss, nspr, expat) and the fonts into `folder`. */
async function unpack(tarball: string, folder: string): Promise<void> {
  await run('tar', ['-xzf', tarball, '-C', folder, '--strip-components=2', 'package/bin']);
  for (const archive of ['al2023', 'fonts']) {
    await writeFile(join(folder, `${archive}.tar`), await unbrotli(await readFile(join(folder, `${archive}.tar.br`))));
    await run('tar', ['-xf', join(folder, `${archive}.tar`), '-C', folder, '--no-same-owner']);
  }
  await writeFile(join(folder, 'chromium'), await unbrotli(await readFile(join(folder, 'chromium.br'))));
  await chmod(join(folder, 'chromium'), 0o755);
  await writeFile(join(folder, 'fonts.conf'), fontsConf(home));
  for (const spent of [
    'al2023.tar',
    'fonts.tar',
    'al2023.tar.br',
    'fonts.tar.br',
    'swiftshader.tar.br',
    'chromium.br',
  ]) {
    await rm(join(folder, spent), { force: true });
  }
}

/** Builds the whole in a folder of its own and renames it, so that a half-fetched browser is never taken for one. */
async function fetchOnce(): Promise<void> {
  console.log(`No browser is installed: fetching Chromium ${version} for the tests (65 MB, once, into .cache/) …`);
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'fetching-'));
  try {
    const tarball = await download(folder);
    await unpack(tarball, folder);
    await rm(tarball);
    await rename(folder, home);
  } catch (error) {
    // Another run may have been faster: then its browser is there, and rename refused to replace it.
    if (!existsSync(home)) throw new Error('no browser is installed, and fetching one failed', { cause: error });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The fetched browser, fetched now if it is not there yet. Throws if it cannot be had, or is not the one that was tried. */
export async function fetchedBrowser(): Promise<FoundBrowser> {
  if (!existsSync(home)) await fetchOnce();
  return {
    executablePath: join(home, 'chromium'),
    env: { LD_LIBRARY_PATH: join(home, 'lib'), FONTCONFIG_FILE: join(home, 'fonts.conf') },
  };
}
