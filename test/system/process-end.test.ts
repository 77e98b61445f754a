import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const project = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** A process whose first thread ends, which is what its state tells of, while another one holds a port until its input ends. */
const halfEnded = `
import ctypes, socket, sys, threading
port = socket.socket()
port.bind(('127.0.0.1', 0))
port.listen()
threading.Thread(target=sys.stdin.read).start()
print('ready', flush=True)
ctypes.CDLL(None).syscall(60, 0)
`;

const gone = (pid: number, seconds: number): number | null =>
  spawnSync('bash', ['-c', '. extension/script/common.sh; gone "$@"', 'bash', String(pid), String(seconds)], {
    cwd: project,
  }).status;

test('a process is gone when its last thread is, and not when its first one is', async () => {
  const child = spawn('python3', ['-c', halfEnded], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  try {
    await once(child.stdout, 'data');
    const pid = child.pid ?? 0;

    expect(gone(pid, 1)).toBe(1);

    child.stdin.end();
    await ended;
    expect(gone(pid, 60)).toBe(0);
  } finally {
    child.kill('SIGKILL');
  }
});
