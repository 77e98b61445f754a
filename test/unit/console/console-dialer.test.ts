import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { CancelSource } from '../../../extension/base/cancel.ts';
import { UserError } from '../../../extension/base/user-error.ts';
import { TelnetDialer } from '../../../extension/host/console-dialer.ts';
import type { ConsoleLink } from '../../../extension/runtime/console-ports.ts';

const allBytes = Array.from({ length: 256 }, (_, byte) => byte);
const servers: Server[] = [];
const links: ConsoleLink[] = [];

afterEach(() => {
  for (const link of links.splice(0)) link.dispose();
  for (const server of servers.splice(0)) server.close();
});

/** A peer on a free port of the loopback: real sockets, no telnet of its own. */
async function peer(
  greet: (socket: Socket) => void = () => undefined,
): Promise<{ port: number; clients: Socket[]; server: Server }> {
  const clients: Socket[] = [];
  const server = createServer(socket => {
    socket.on('error', () => undefined);
    clients.push(socket);
    greet(socket);
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, clients, server };
}

async function dial(port: number): Promise<ConsoleLink> {
  const link = await new TelnetDialer().open(port);
  links.push(link);
  return link;
}

/** Collects what arrives until there are `count` bytes. */
const receive = (link: ConsoleLink, count: number): Promise<number[]> =>
  new Promise(resolve => {
    const bytes: number[] = [];
    link.onData(piece => {
      bytes.push(...piece);
      if (bytes.length >= count) resolve(bytes);
    });
  });

describe('dialling a console', () => {
  test('gives every byte as it was sent, negotiation and 0xff too', async () => {
    const sent = [0xff, 0xfb, 0x01, 0xff, 0xfd, 0x18, ...allBytes, 0xff, 0xff];
    const { port } = await peer(socket => socket.write(Uint8Array.from(sent)));

    expect(await receive(await dial(port), sent.length)).toEqual(sent);
  });

  test('sends every byte as it was written, and nothing besides', async () => {
    const { port, clients } = await peer(socket => socket.write(Uint8Array.of(0xff, 0xfb, 0x01, 0xff, 0xfd, 0x18)));
    const link = await dial(port);
    await receive(link, 6);
    const got: number[] = [];
    clients[0]!.on('data', piece => got.push(...piece));

    link.write(Uint8Array.from(allBytes));
    await expect.poll(() => got.length).toBe(256);

    expect(got).toEqual(allBytes);
  });

  test('keeps what came before anybody listened', async () => {
    const { port } = await peer(socket => socket.write('early'));
    const link = await dial(port);

    await new Promise(resolve => setTimeout(resolve, 50));

    expect(String.fromCharCode(...(await receive(link, 5)))).toBe('early');
  });

  test('tells when the peer has hung up', async () => {
    const { port, clients } = await peer(socket => socket.write('x'));
    const link = await dial(port);
    await receive(link, 1);

    const closed = new Promise(resolve => link.onClose(() => resolve('closed')));
    clients[0]!.destroy();

    expect(await closed).toBe('closed');
  });

  test('a reset is an end like any other', async () => {
    const { port, clients } = await peer(socket => socket.write('x'));
    const link = await dial(port);
    await receive(link, 1);

    const closed = new Promise(resolve => link.onClose(() => resolve('closed')));
    clients[0]!.resetAndDestroy();

    expect(await closed).toBe('closed');
    link.write(Uint8Array.of(1));
  });

  test('a port where nobody listens is an error that says what to do', async () => {
    const { port, server } = await peer();
    server.close();
    await once(server, 'close');

    const failure = await new TelnetDialer().open(port).catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(UserError);
    expect((failure as UserError).message).toMatch(`127.0.0.1:${port}`);
    expect((failure as UserError).message).toMatch(/ECONNREFUSED.*start it/);
  });

  test('called off before or while dialling, it leaves no socket', async () => {
    const { port, server } = await peer();
    const [before, during] = [new CancelSource(), new CancelSource()];
    before.cancel();

    const tries = [new TelnetDialer().open(port, before.signal), new TelnetDialer().open(port, during.signal)];
    during.cancel();
    const ends = await Promise.allSettled(tries);

    expect(ends.map(end => end.status)).toEqual(['rejected', 'rejected']);
    await expect.poll(() => new Promise(resolve => server.getConnections((_, count) => resolve(count)))).toBe(0);
  });

  test('disposed, the connection is closed, twice without harm', async () => {
    const { port, server } = await peer();
    const link = await dial(port);

    link.dispose();
    link.dispose();
    link.write(Uint8Array.of(1));

    await expect.poll(() => new Promise(resolve => server.getConnections((_, count) => resolve(count)))).toBe(0);
  });

  test('200 connections opened and closed leave no socket', async () => {
    const { port, server } = await peer(socket => socket.write('hello'));

    for (let round = 0; round < 200; round += 1) (await new TelnetDialer().open(port)).dispose();

    await expect.poll(() => new Promise(resolve => server.getConnections((_, count) => resolve(count)))).toBe(0);
    const own = process.getActiveResourcesInfo().filter(kind => kind === 'TCPSocketWrap');
    expect(own).toEqual([]);
  });
});
