import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CancelSource } from '../../../extension/base/cancel.ts';
import { UnixSocketDialer } from '../../../extension/host/socket-dialer.ts';

let folder: string;
let server: net.Server;
const socketPath = (): string => path.join(folder, 'lan.mgmt');

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'ks-'));
  server = net
    .createServer(socket => {
      socket.write('vde$ ');
      socket.pipe(socket);
    })
    .listen(socketPath());
  await once(server, 'listening');
});
afterEach(async () => {
  server.close();
  await once(server, 'close');
  rmSync(folder, { recursive: true });
});

test('what the socket says waits for who listens, and what is written arrives', async () => {
  const link = await new UnixSocketDialer().open(socketPath());
  let text = '';

  link.onData(bytes => (text += new TextDecoder().decode(bytes)));
  link.write(new TextEncoder().encode('help\n'));

  await expect.poll(() => text).toBe('vde$ help\n');
  link.dispose();
});

test('where nobody listens it is refused, with the path', async () => {
  const missing = path.join(folder, 'nobody');

  await expect(new UnixSocketDialer().open(missing)).rejects.toThrow(missing);
});

test('called off, it leaves no connection behind', async () => {
  const cancel = new CancelSource();
  const opening = new UnixSocketDialer().open(socketPath(), cancel.signal);

  cancel.cancel();

  await expect(opening).rejects.toThrow('cancelled');
});
