// Running other programs from the tools. Node's own modules only: this runs before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, createWriteStream, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
export const logs = path.join(root, 'out/logs');

/** A failure that its reader can act on: shown without a stack. */
export class ToolError extends Error {}

export const say = (/** @type {string} */ line) => console.log(`kvmlab: ${line}`);

/** Shows the reason and ends the command; a bug keeps its stack. */
export function reportFailure(error) {
  console.error(error instanceof ToolError ? `kvmlab: ${error.message}` : error);
  process.exitCode = 1;
}

/** Is the program on the PATH, or where Debian keeps the administrator's programs? */
export function hasProgram(name) {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'];
  return folders.some(folder => {
    try {
      accessSync(path.join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Does the command end well, without anybody being asked anything? */
export const succeeds = (command, ...args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;

/** Runs the command with its output in out/logs/NAME.log; the end of that log is in the error when it fails. */
export async function runLogged(name, command, args, options = {}) {
  mkdirSync(logs, { recursive: true });
  const file = path.join(logs, `${name}.log`);
  const log = createWriteStream(file);
  const code = await new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    child.once('error', reject);
    child.once('close', resolve);
  });
  await new Promise(resolve => log.end(resolve));
  if (code === 0) return;
  const tail = readFileSync(file, 'utf8').trimEnd().split('\n').slice(-20).join('\n');
  throw new ToolError(`${[command, ...args].join(' ')} failed with exit code ${code}:\n${tail}\nAll of it: ${file}`);
}

const running = new Set();

/**
 * Runs the command with its output shown; resolves to its exit code. With a time limit it gets a process group of its own,
 * which is killed when the time is up: whatever hangs takes nothing along.
 */
export function runShown(command, args, { timeoutMs, env = process.env } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      env,
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: Boolean(timeoutMs),
    });
    const kill = signal => killGroup(child.pid, signal);
    const expire = () => {
      say(`${path.basename(command)} took over ${timeoutMs / 60_000} minutes and is killed`);
      kill('SIGKILL');
    };
    const timer = timeoutMs && setTimeout(expire, timeoutMs);
    if (timeoutMs) running.add(kill);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      running.delete(kill);
      clearTimeout(timer);
      resolve(code ?? (signal ? 128 : 1));
    });
  });
}

/** A signal to this command reaches the groups that it started; Ctrl+C of the terminal would not. */
export function forwardSignals() {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, () => {
      for (const kill of running) kill(signal);
      setTimeout(() => process.exit(130), 3000).unref();
    });
  }
}

function killGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone already.
  }
}
