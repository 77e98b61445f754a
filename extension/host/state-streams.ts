import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import fs from 'node:fs/promises';
import net, { type Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { Transform, type TransformCallback } from 'node:stream';
import { onCancel, type CancelSignal } from '../base/cancel.ts';
import type { SavedBytes, StateReceiver, StateStreams } from '../runtime/snapshot-ports.ts';
import { systemFailure } from './system-error.ts';

/** How long a QEMU that was told to send or to listen may take to do so. */
const connectMs = 30_000;
const pieceBytes = 1 << 20;

/** States of VMs between unix sockets and files. The sockets lie in run-time folders, which only their user can open. */
export class SocketStateStreams implements StateStreams {
  receive(socket: string, file: string, signal?: CancelSignal): StateReceiver {
    const server = net.createServer();
    let link: Socket | undefined;
    const giveUp = (error: Error): void => {
      if (server.listening) server.emit('error', error);
      else link?.destroy(error);
    };
    const cancelling = onCancel(signal, () => giveUp(new Error('it was called off')));
    const ready = fs.rm(socket, { force: true }).then(async () => {
      server.listen(socket);
      await once(server, 'listening');
    });
    const connected = ready.then(() => firstOf(server));
    const written = connected
      .then(first => writeTo(file, (link = first)))
      .catch((error: unknown) => {
        throw systemFailure(`The state of a VM could not be written to ${file}`, error);
      })
      .finally(() => {
        cancelling.dispose();
        server.close();
      });
    // Both are told to whoever waits for them; one who has given up waits no more.
    ready.catch(() => undefined);
    written.catch(() => undefined);
    return { ready, written, dispose: () => giveUp(new Error('it was given up')) };
  }

  async send(file: string, socket: string, signal?: CancelSignal): Promise<void> {
    const link = net.connect(socket);
    const cancelling = onCancel(signal, () => link.destroy(new Error('it was called off')));
    try {
      await once(link, 'connect');
      await writeAll(createReadStream(file, { highWaterMark: pieceBytes }), link);
    } catch (error) {
      throw systemFailure(`The state of a VM in ${file} could not be given back to QEMU`, error);
    } finally {
      cancelling.dispose();
      link.destroy();
    }
  }
}

/** QEMU hangs up as soon as it has seen the end of a state, which may be before we know that it has all of it. */
async function writeAll(from: AsyncIterable<Buffer>, link: Socket): Promise<void> {
  const closed = once(link, 'close');
  closed.catch(() => undefined);
  for await (const piece of from) {
    if (link.destroyed) throw new Error('QEMU hung up in the middle');
    if (!link.write(piece)) await Promise.race([once(link, 'drain'), closed]);
  }
  link.end();
  await Promise.race([once(link, 'finish'), closed]);
}

/** The first who connects; nobody else is served. */
async function firstOf(server: net.Server): Promise<Socket> {
  const timer = setTimeout(() => server.emit('error', new Error('QEMU did not connect in time')), connectMs);
  try {
    const [link] = (await once(server, 'connection')) as [Socket];
    return link;
  } finally {
    clearTimeout(timer);
    server.close();
  }
}

async function writeTo(file: string, link: Socket): Promise<SavedBytes> {
  const hash = createHash('sha256');
  let bytes = 0;
  const counter = new Transform({
    transform(piece: Buffer, _encoding, next: TransformCallback): void {
      hash.update(piece);
      bytes += piece.length;
      next(null, piece);
    },
  });
  await pipeline(link, counter, createWriteStream(file, { mode: 0o600, flags: 'wx', highWaterMark: pieceBytes }));
  const handle = await fs.open(file, 'r+');
  await handle.sync().finally(() => handle.close());
  return { bytes, sha256: hash.digest('hex') };
}
