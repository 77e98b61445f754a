// npm start: installs what is missing, builds, makes the sample lab with its guest and opens VS Code on it.
// Node's own modules only: it runs on a bare checkout.
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { installFor } from './install.mjs';
import { hasProgram, reportFailure, root, runLogged, runShown, say, ToolError } from './process.mjs';
import { addressOf, linkExtension, prepareProfile, profileAt, startVsCodeServer } from './vscode-server.mjs';

const usage = `npm start -- [FOLDER] [--server] [--port N] [--no-open]
  FOLDER     where the sample lab is kept (~/kvmlab-sample)
  --server   VS Code in the browser, even where there is a desktop VS Code
  --port N   its port (8131 or the next free one)
  --no-open  only say the address`;

// Ports of consoles are no web pages to be offered in a browser.
const settings = {
  'workbench.startupEditor': 'none',
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'remote.autoForwardPorts': false,
};

async function main() {
  const { folder, server, port, opens } = readArguments();
  const isDesktop = !server && hasProgram('code') && hasDisplay();
  await installFor('start', { server: !isDesktop });
  say('building the extension and the kvmlab command');
  await runLogged('build', process.execPath, ['tools/build.mjs'], { cwd: root });
  const lab = makeSample(folder);
  await makeGuest(folder);
  await (isDesktop ? openDesktop(folder, lab) : serve({ folder, lab, port, opens }));
}

function readArguments() {
  const options = {
    server: { type: 'boolean', default: false },
    port: { type: 'string', default: '8131-8199' },
    'no-open': { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  };
  const { values, positionals } = parse(options);
  if (values.help) {
    console.log(usage);
    process.exit(0);
  }
  if (positionals.length > 1 || !/^\d+(-\d+)?$/.test(values.port)) throw new ToolError(`Usage: ${usage}`);
  const folder = path.resolve(process.env.INIT_CWD ?? '.', positionals[0] ?? path.join(homedir(), 'kvmlab-sample'));
  return { folder, server: values.server, port: values.port, opens: !values['no-open'] };
}

function parse(options) {
  try {
    return parseArgs({ options, allowPositionals: true });
  } catch (error) {
    throw new ToolError(`${error.message}\nUsage: ${usage}`);
  }
}

const hasDisplay = () =>
  process.platform === 'darwin' || Boolean(process.env.DISPLAY) || Boolean(process.env.WAYLAND_DISPLAY);

/** Copies the sample without overwriting anything; gives its lab file. */
function makeSample(folder) {
  const sample = path.join(root, 'extension/samples/firewall');
  if (!existsSync(sample)) throw new ToolError(`The sample is missing from this checkout: ${sample}`);
  say(`${existsSync(folder) ? 'using the lab in' : 'copying the sample lab to'} ${folder}`);
  mkdirSync(folder, { recursive: true });
  cpSync(sample, folder, { recursive: true, force: false });
  const file = readdirSync(folder).find(name => /\.lab\.ya?ml$/.test(name));
  return file && path.join(folder, file);
}

/** The kernel and initrd that VMs with `guest: tiny` boot. Without it VS Code is still worth opening. */
async function makeGuest(folder) {
  const guest = path.join(folder, 'guest');
  if (['vmlinuz', 'initrd'].every(name => existsSync(path.join(guest, name)))) return;
  say(`making the tiny guest in ${guest}`);
  const code = await runShown(process.execPath, [path.join(root, 'dist/cli.js'), 'guest', guest]);
  if (code !== 0)
    say(
      `the tiny guest could not be made (see above), so the sample's VMs will not boot. Try again: kvmlab guest ${guest}`,
    );
}

async function openDesktop(folder, lab) {
  const files = lab ? [folder, lab] : [folder];
  // VS Code refuses to run as root without a profile of its own.
  const asRoot =
    process.getuid?.() === 0 ? ['--no-sandbox', `--user-data-dir=${path.join(dataFolder(), 'vscode-root')}`] : [];
  say(`opening VS Code on ${folder}`);
  const code = await runShown('code', [...asRoot, `--extensionDevelopmentPath=${root}`, '--new-window', ...files]);
  if (code !== 0)
    throw new ToolError(`code ended with exit code ${code}. VS Code in the browser: npm start -- --server`);
}

async function serve({ folder, lab, port, opens }) {
  const profile = profileAt(path.join(dataFolder(), 'vscode-server'));
  prepareProfile(profile, settings);
  linkExtension(profile);
  // Whoever asks for a VS Code on this sample trusts it, and here VS Code would start restricted without asking.
  const server = await startVsCodeServer(profile, { port, trustsAll: true, ownGroup: true });
  const stop = new Promise(resolve => ['SIGINT', 'SIGTERM', 'SIGHUP'].forEach(signal => process.on(signal, resolve)));
  const address = addressOf(server, { folder, file: lab });
  say(`VS Code is ready. Open this address in a browser:\n\n  ${address}\n`);
  say('Every folder opened there counts as trusted. Ctrl+C stops VS Code; VMs go on running until they are stopped.');
  if (opens && hasDisplay() && hasProgram('xdg-open'))
    spawn('xdg-open', [address], { stdio: 'ignore', detached: true }).unref();
  const ended = await Promise.race([server.closed.then(() => 'server'), stop]);
  if (ended === 'server') throw new ToolError(`VS Code's server ended by itself:\n${server.log()}`);
  say('stopping VS Code');
  await server.stop();
}

const dataFolder = () => path.join(process.env.XDG_DATA_HOME ?? path.join(homedir(), '.local/share'), 'kvmlab');

// A clean end: handlers of signals would otherwise keep waiting for what has ended.
main().then(() => process.exit(), reportFailure);
