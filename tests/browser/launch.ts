import { type Browser, chromium } from 'playwright-core';
import { findBrowser, howToInstall } from './find-browser.ts';

/** The browser talks to our own server alone, and is fit to run as root in a container. */
const args = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

/** Starts the browser of this machine. Throws, with the command that installs one, if there is none. */
export async function launch(more: readonly string[] = []): Promise<Browser> {
  const found = await findBrowser();
  if (!found) throw new Error(`no browser is installed; one is had with: ${howToInstall()}`);
  const { executablePath, env } = found;
  return chromium.launch({ executablePath, args: [...args, ...more], env: { ...process.env, ...env } });
}
