/** Which browser the tests drive: the one that is named, one that is installed, or one that npm fetches. */

import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fetchedBrowser } from './fetched-browser.ts';

export interface FoundBrowser {
  executablePath: string;
  /** What it needs in its environment, besides what is there already. */
  env: Record<string, string>;
}

/** The part of the machine that decides; the tests make up their own. */
export interface Machine {
  platform: string;
  arch: string;
  home: string;
  env: Record<string, string | undefined>;
  exists: (path: string) => boolean;
}

const thisMachine = (): Machine => ({
  platform: process.platform,
  arch: process.arch,
  home: homedir(),
  env: process.env,
  exists: existsSync,
});

// The first is Chromium without a window: the same pages, drawn in half the CPU time.
const onLinux = [
  'chromium-headless-shell',
  'google-chrome',
  'google-chrome-stable',
  'chromium',
  'chromium-browser',
  'microsoft-edge',
];
const onMac = ['Google Chrome', 'Chromium', 'Microsoft Edge'];
const onWindows = [
  'Google/Chrome/Application/chrome.exe',
  'Chromium/Application/chrome.exe',
  'Microsoft/Edge/Application/msedge.exe',
];

/** Where each browser would be installed, best first. */
function candidates({ platform, home, env }: Machine): string[] {
  if (platform === 'darwin') {
    const roots = ['/Applications', join(home, 'Applications')];
    return onMac.flatMap((name) => roots.map((root) => join(root, `${name}.app`, 'Contents/MacOS', name)));
  }
  if (platform === 'win32') {
    const roots = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA].filter((root) => root !== undefined);
    return onWindows.flatMap((name) => roots.map((root) => join(root, name)));
  }
  const folders = [...(env.PATH ?? '').split(delimiter).filter(Boolean), '/usr/bin', '/snap/bin'];
  return onLinux.flatMap((name) => folders.map((folder) => join(folder, name)));
}

/** The browser that npm carries runs only there. */
const canFetch = ({ platform, arch }: Machine): boolean => platform === 'linux' && arch === 'x64';

/**
 * The browser to use, or undefined if this machine has none and none can be fetched for it.
 * FAULTLINE_BROWSER names one; FAULTLINE_BROWSER=fetched asks for the fetched one though another is installed.
 * Throws if the named one does not exist, or if fetching fails.
 */
export async function findBrowser(
  machine = thisMachine(),
  fetched = fetchedBrowser,
): Promise<FoundBrowser | undefined> {
  const named = machine.env.FAULTLINE_BROWSER;
  if (named && named !== 'fetched') {
    if (!machine.exists(named)) throw new Error(`FAULTLINE_BROWSER names ${named}, which does not exist`);
    return { executablePath: named, env: {} };
  }
  const installed = named ? undefined : candidates(machine).find(machine.exists);
  if (installed) return { executablePath: installed, env: {} };
  return canFetch(machine) ? fetched() : undefined;
}

/** The command that installs a browser on this machine. */
export function howToInstall({ platform } = thisMachine()): string {
  if (platform === 'darwin') return 'brew install --cask google-chrome';
  if (platform === 'win32') return 'winget install Google.Chrome';
  return 'sudo apt-get install chromium   (or your distribution’s way to install chromium)';
}
