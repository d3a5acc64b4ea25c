import { describe, expect, test } from 'vitest';
import { findBrowser, howToInstall, type Machine } from './find-browser.ts';

const machine = (platform: string, installed: string[], env: Machine['env'] = {}): Machine => ({
  platform,
  arch: 'x64',
  home: '/home/me',
  env,
  exists: (path) => installed.includes(path.replaceAll('\\', '/')),
});
const fetched = async () => ({ executablePath: 'fetched', env: {} });
const found = async (on: Machine) => (await findBrowser(on, fetched))?.executablePath.replaceAll('\\', '/');

describe('findBrowser', () => {
  test('takes the named one before an installed one', async () =>
    expect(await found(machine('linux', ['/usr/bin/chromium', '/my/own'], { FAULTLINE_BROWSER: '/my/own' }))).toBe(
      '/my/own',
    ));

  test('refuses a named one that does not exist', () =>
    expect(found(machine('linux', ['/usr/bin/chromium'], { FAULTLINE_BROWSER: '/my/own' }))).rejects.toThrow(
      '/my/own, which does not exist',
    ));

  test.each([
    ['linux', '/usr/bin/chromium', {}],
    ['linux', '/opt/bin/google-chrome', { PATH: '/usr/local/bin:/opt/bin' }],
    ['darwin', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', {}],
    ['darwin', '/home/me/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge', {}],
    ['win32', 'C:/Program Files/Google/Chrome/Application/chrome.exe', { PROGRAMFILES: 'C:/Program Files' }],
    [
      'win32',
      'C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe',
      { 'PROGRAMFILES(X86)': 'C:/Program Files (x86)' },
    ],
  ])('finds one installed on %s: %s', async (platform, path, env) =>
    expect(await found(machine(platform, [path], env))).toBe(path),
  );

  test('prefers the one without a window', async () =>
    expect(await found(machine('linux', ['/usr/bin/chromium', '/usr/bin/chromium-headless-shell'], {}))).toBe(
      '/usr/bin/chromium-headless-shell',
    ));

  test('fetches one where none is installed, on Linux x64', async () =>
    expect(await found(machine('linux', []))).toBe('fetched'));

  test('fetches one if asked to', async () =>
    expect(await found(machine('linux', ['/usr/bin/chromium'], { FAULTLINE_BROWSER: 'fetched' }))).toBe('fetched'));

  test.each([
    ['darwin', 'x64'],
    ['win32', 'x64'],
    ['linux', 'arm64'],
  ])('has none to fetch on %s %s', async (platform, arch) =>
    expect(await found({ ...machine(platform, []), arch })).toBeUndefined(),
  );
});

test('howToInstall names a command of the platform', () =>
  expect(['linux', 'darwin', 'win32'].map((platform) => howToInstall(machine(platform, [])).split(' ')[0])).toEqual([
    'sudo',
    'brew',
    'winget',
  ]));
