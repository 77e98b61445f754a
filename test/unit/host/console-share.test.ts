import { chmodSync, existsSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Disposable } from '../../../extension/base/disposable.ts';
import { CancelSource } from '../../../extension/base/cancel.ts';
import { SocketShares } from '../../../extension/host/console-share.ts';
import { consoleShare } from '../../../extension/lab/layout.ts';
import type { ShareLink } from '../../../extension/runtime/console-ports.ts';

let folder: string;
let root: string;
let shares: SocketShares;
let owned: Disposable[];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kh-'));
  root = path.join(folder, 'run');
  shares = new SocketShares(root, 'test');
  owned = [];
});

afterEach(() => {
  for (const one of owned) one.dispose();
  rmSync(folder, { recursive: true });
});

function serve(port: number, from = shares): { guests: ShareLink[]; server: Disposable | undefined } {
  const guests: ShareLink[] = [];
  const server = from.serve(port, link => guests.push(link));
  if (server) owned.push(server);
  return { guests, server };
}

const join = async (port: number): Promise<ShareLink> => {
  const link = await shares.join(port);
  owned.push(link);
  return link;
};

const received = (link: ShareLink): Promise<string> =>
  new Promise(resolve => link.onData(bytes => resolve(Buffer.from(bytes).toString())));

test('whoever joins is connected to the owner, both ways', async () => {
  const { guests } = serve(10031);
  const link = await join(10031);
  await expect.poll(() => guests.length).toBe(1);

  link.write(new TextEncoder().encode('typed'));
  guests[0]!.write(new TextEncoder().encode('printed'));

  expect(await Promise.all([received(guests[0]!), received(link)])).toEqual(['typed', 'printed']);
});

test('nobody can be joined where nobody serves, also when a dead owner has left its socket', async () => {
  await expect(join(10031)).rejects.toThrow('Nobody shares the console on port 10031.');
  serve(10032);
  const left = path.join(root, consoleShare(10031));
  const other = createServer().listen(`${left}.x`);
  await once(other, 'listening');
  renameSync(`${left}.x`, left);
  other.close();

  await expect(join(10031)).rejects.toThrow('Nobody shares');
  serve(10031);
  await join(10031);
});

test('the next owner takes the place, and the one before does not spoil it by going', async () => {
  const first = serve(10031);
  const second = serve(10031);
  first.server?.dispose();

  await join(10031);

  await expect.poll(() => second.guests.length).toBe(1);
});

test('an owner that goes hangs up and leaves no file', async () => {
  const { guests, server } = serve(10031);
  const link = await join(10031);
  await expect.poll(() => guests.length).toBe(1);
  const closed = new Promise<string>(resolve => link.onClose(() => resolve('closed')));
  link.onData(() => undefined);

  server?.dispose();

  expect([await closed, readdirSync(root)]).toEqual(['closed', []]);
});

test('the folder is made for its user alone, and one that others can enter is not used', () => {
  chmodSync(folder, 0o755);
  const open = new SocketShares(folder, 'test');

  expect([serve(1, open).server, existsSync(path.join(folder, consoleShare(1)))]).toEqual([undefined, false]);
  serve(10031);
  expect(readdirSync(root)).toEqual([consoleShare(10031)]);
});

test('a file in the place of the folder, or a path that is too long, costs no more than the sharing', async () => {
  const file = path.join(folder, 'file');
  writeFileSync(file, '');
  expect(serve(1, new SocketShares(file, 'test')).server).toBeUndefined();

  const long = new SocketShares(path.join(folder, 'x'.repeat(120)), 'test');
  serve(1, long).server?.dispose();
  await expect(long.join(1)).rejects.toThrow('Nobody shares');
});

test('called off, joining leaves nothing', async () => {
  serve(10031);
  const cancel = new CancelSource();
  const joining = shares.join(10031, cancel.signal);
  cancel.cancel();

  await expect(joining).rejects.toThrow('Nobody shares');
});

test('the same port of another host is shared by itself, whatever its name is', async () => {
  const elsewhere = ['me@left', '../../etc', 'x'.repeat(300)].map(name => new SocketShares(root, 'test', name));
  const { guests } = serve(10031);
  for (const one of elsewhere) await expect(one.join(10031)).rejects.toThrow('Nobody shares');

  const served = serve(10031, elsewhere[2]);
  owned.push(await elsewhere[2]!.join(10031));

  await expect.poll(() => served.guests.length).toBe(1);
  expect(guests).toEqual([]);
  expect(readdirSync(root).every(name => name.startsWith('port-10031'))).toBe(true);
});
