// Installs what `npm start` and `npm test` need and is not there yet; a second run does nothing.
// By hand: node tools/install.mjs [start|test]. Node's own modules only: it runs on a bare checkout.
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { hasProgram, reportFailure, root, runLogged, say, ToolError } from './process.mjs';
import { installPrograms, programs } from './programs.mjs';
import { serverFolder, serverNode, vscodeFolder } from './vscode-server.mjs';

const oldestNode = [20, 19];

/** Says at once, rather than in some library's words later, that this Node is too old. */
export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const isOld = major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1]);
  if (isOld)
    throw new ToolError(`Node ${process.versions.node} is too old: ${oldestNode.join('.')} or newer is needed.`);
}

/** The packages of package-lock.json. npm writes node_modules/.package-lock.json last, so that file tells that all went well. */
export async function installPackages() {
  const lock = statSync(path.join(root, 'package-lock.json'));
  const done = statSync(path.join(root, 'node_modules/.package-lock.json'), { throwIfNoEntry: false });
  if (done && done.mtimeMs >= lock.mtimeMs) return;
  say(`installing npm packages (${done ? 'package-lock.json is newer than node_modules' : 'no node_modules yet'})`);
  await npm('npm-ci', ['ci'], { cwd: root });
}

/** VS Code's server and the Node that it needs, under tools/vscode-server. */
export async function installVsCodeServer() {
  const stamp = path.join(serverFolder, 'node_modules/.kvmlab-stamp');
  const wanted = createHash('sha256')
    .update(readFileSync(path.join(serverFolder, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  say("installing VS Code's server from npm (500 MB on disk, about a minute)");
  rmSync(stamp, { force: true });
  // No install scripts: the launcher's own would build what only the launcher needs, and fetch from elsewhere.
  await npm('vscode-server-ci', ['ci', '--ignore-scripts'], { cwd: serverFolder });
  // `npm ci` refuses here (its package.json and npm-shrinkwrap.json differ); `npm install` honours the shrinkwrap.
  await npm('vscode-server-install', ['install', '--omit=dev', '--ignore-scripts'], { cwd: vscodeFolder });
  await buildNativeModules();
  for (const unused of unusedParts) rmSync(path.join(vscodeFolder, unused), { recursive: true, force: true });
  writeFileSync(stamp, wanted);
}

/** AI features are off, so these 300 MB are never loaded. */
const unusedParts = [
  'node_modules/@github',
  'node_modules/@microsoft/mxc-sdk',
  'extensions/copilot',
  'extensions/mermaid-markdown-features',
];

/** Of the native modules only these are needed and do not come built. Without spdlog output channels stay empty. */
async function buildNativeModules() {
  const missing = ['g++', 'make', 'python3'].filter(program => !hasProgram(program));
  if (missing.length > 0) {
    say(`output channels will stay empty in VS Code's server: building its log module needs ${missing.join(', ')}`);
    return;
  }
  const node = path.dirname(serverNode());
  const headers = path.dirname(node);
  const environment = { PATH: `${node}${path.delimiter}${process.env.PATH}`, JOBS: 'max' };
  // Headers of the package itself, so that node-gyp fetches none. Its name for them differs by version.
  if (existsSync(path.join(headers, 'include/node'))) {
    Object.assign(environment, { npm_config_nodedir: headers, npm_package_config_node_gyp_nodedir: headers });
  }
  const modules = ['@vscode/spdlog', '@vscode/native-watchdog'];
  await npm('vscode-server-build', ['rebuild', ...modules], { cwd: vscodeFolder, environment });
}

/** npm as a child of npm: without what the outer one says of its own package and place. */
function npm(name, args, { cwd, environment = {} }) {
  const inherited = Object.entries(process.env).filter(
    ([key]) => !/^npm_(package|lifecycle)_|^npm_config_local_prefix$/.test(key),
  );
  const env = { ...Object.fromEntries(inherited), ...environment };
  return runLogged(name, 'npm', [...args, '--no-audit', '--no-fund'], { cwd, env });
}

/** All of it, side by side. */
export async function installFor(purpose, { server }) {
  checkNode();
  await Promise.all([
    installPackages(),
    installPrograms(programs[purpose]),
    ...(server ? [installVsCodeServer()] : []),
  ]);
}

if (process.argv[1] === import.meta.filename) {
  const purpose = process.argv[2] === 'start' ? 'start' : 'test';
  installFor(purpose, { server: true }).then(() => say(`everything for npm ${purpose} is installed`), reportFailure);
}
