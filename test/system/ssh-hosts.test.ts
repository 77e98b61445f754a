import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CancelSource } from '../../extension/base/cancel.ts';
import { SshHosts } from '../../extension/host/ssh-hosts.ts';
import { UnixSocketDialer } from '../../extension/host/socket-dialer.ts';
import { displayPort } from '../../extension/lab/networks/addressing.ts';
import type { ConsoleLink } from '../../extension/runtime/console-ports.ts';
import { freeIds } from '../support/free-ids.ts';
import { endAndRemove, killIfAlive, processesThatMention } from '../support/own-processes.ts';
import { hasSshServer, SshHost } from '../support/ssh-host.ts';
import { until } from '../support/vscode/until.ts';

const other = { name: 'right', ssh: 'other' };
const usualPath = process.env['PATH']!;
let root: string;
let ssh: SshHost;
let hosts: SshHosts;
const servers: Server[] = [];

beforeEach(async context => {
  if (!hasSshServer) return context.skip();
  root = mkdtempSync(path.join(tmpdir(), 'kr-'));
  ssh = await SshHost.start(path.join(root, 'far'));
  process.env['PATH'] = `${ssh.programs()}:${usualPath}`;
  hosts = new SshHosts(root);
});

afterEach(() => {
  process.env['PATH'] = usualPath;
  for (const server of servers.splice(0)) server.close();
  // The shared connection calls itself by its socket.
  for (const pid of processesThatMention(`${root}/.ssh/`)) killIfAlive(pid);
  ssh.dispose();
  endAndRemove(root);
});

/** Says back what it hears, with a greeting. */
async function echoAt(place: number | string): Promise<void> {
  const server = createServer(socket => void socket.on('error', () => undefined).pipe(socket));
  server.on('connection', socket => socket.write('hello '));
  servers.push(server);
  await new Promise<void>(done =>
    typeof place === 'number' ? server.listen(place, '127.0.0.1', done) : server.listen(place, done),
  );
}

async function talk(link: ConsoleLink, words: string): Promise<string> {
  let heard = '';
  link.onData(bytes => (heard += Buffer.from(bytes).toString()));
  link.write(Buffer.from(words));
  await until(`the echo of ${words}`, () => Promise.resolve(heard.endsWith(words)));
  return heard;
}

test('words, input, both outputs and the exit code cross as they are, over one connection', async () => {
  const words = ["it's", '$HOME `id`', 'a\nb\t*', '', '-n', 'ü€', '"; exit 7; "'];
  const [said, ...many] = await Promise.all([
    hosts.run(other, ['printf', '%s|', ...words]),
    hosts.run(other, ['sh', '-c', 'cat; echo no >&2; exit 3'], { input: 'in\0put' }),
    hosts.run(other, ['printenv', 'KVMLAB_RUN_ROOT']),
    ...Array.from({ length: 4 }, () => hosts.run(other, ['printenv', 'SSH_CONNECTION'])),
  ]);
  const file = path.join(root, 'large');
  writeFileSync(file, Buffer.alloc(3_000_000, 'x'));
  const counted = await hosts.run(other, ['wc', '-c'], { input: { file } });

  expect(said).toEqual({ code: 0, output: `${words.join('|')}|`, errors: '' });
  expect(many[0]).toEqual({ code: 3, output: 'in\0put', errors: 'no\n' });
  expect(many[1].output).toBe(`${root}/far\n`);
  expect(new Set(many.slice(2).map(({ output }) => output)).size).toBe(1);
  expect(counted.output.trim()).toBe('3000000');
});

test('ports and sockets there are reached, and nothing is left when it is over', async () => {
  const [id, silent] = (await freeIds(2)).map(displayPort);
  await echoAt(id!);
  const there = path.join(root, 'there.sock');
  const here = path.join(root, 'here.sock');
  await echoAt(there);

  const link = await hosts.connect(other, id!);
  expect(await talk(link, 'a port')).toBe('hello a port');
  link.dispose();
  await expect(hosts.connect(other, silent!)).rejects.toThrow(`Port ${silent} of host right does not answer.`);

  const forwarded = await hosts.forward(other, here, there);
  const socket = await new UnixSocketDialer().open(here);
  expect(await talk(socket, 'a socket')).toBe('hello a socket');
  socket.dispose();
  forwarded.dispose();
  await until('the socket to be gone', () => Promise.resolve(!readdirSync(root).includes('here.sock')));
  await until('its ssh to be gone', () => Promise.resolve(ssh.clients().every(pid => !commandOf(pid).includes(here))));
});

const commandOf = (pid: number): string => readFileSync(`/proc/${pid}/cmdline`, 'utf8');

test('a host that lets nobody in, is unknown, or goes away is told with what to do', async () => {
  const cancel = new CancelSource();
  const endless = hosts.run(other, ['sh', '-c', 'echo $$ > "$1"; exec sleep 1000', 'sh', path.join(root, 'pid')]);
  const calledOff = hosts.run(other, ['cat'], { signal: cancel.signal, input: { file: '/dev/zero' } });
  await until('the program there to run', () => Promise.resolve(readdirSync(root).includes('pid')));
  cancel.cancel();
  await expect(calledOff).rejects.toThrow('Host right: called off.');
  for (const pid of ssh.clients()) killIfAlive(pid);
  for (const pid of processesThatMention(`${root}/.ssh/`)) killIfAlive(pid);
  await expect(endless).rejects.toThrow('Host right cannot be reached. ssh other says:');
  killIfAlive(Number(readFileSync(path.join(root, 'pid'), 'utf8')));

  ssh.forgetKey();
  await expect(hosts.connect(other, 1)).rejects.toThrow(/right cannot be reached.*ssh-copy-id other/);
  await expect(new SshHosts(root).run(other, ['true'])).rejects.toThrow(/Permission denied.*ssh-copy-id other/);
  ssh.forgetHostKey();
  await expect(new SshHosts(root).run(other, ['true'])).rejects.toThrow(/key verification failed.*Log in by hand once/);
  rmSync(ssh.config);
  await expect(new SshHosts(root).run(other, ['true'])).rejects.toThrow(
    'Host right cannot be reached. ssh other says:',
  );
});
