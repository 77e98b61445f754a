import { createHash } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { onCancel, type CancelSignal } from '../base/cancel.ts';
import { disposable, type Disposable } from '../base/disposable.ts';
import { UserError } from '../base/user-error.ts';
import { consoleShare } from '../lab/layout.ts';
import type { ConsoleShares, PortHolder, ShareLink } from '../runtime/console-ports.ts';
import { isPrivate } from './private-folder.ts';
import { SocketLink } from './socket-link.ts';

let served = 0;

/** Shares consoles over unix sockets in the folder over all run-time folders, which nobody but its user can enter. */
export class SocketShares implements ConsoleShares {
  private readonly root: string;
  private readonly place: string;
  readonly self: PortHolder;

  /** `destination`: where ssh goes for the consoles of another host. */
  constructor(root: string, program: string, destination?: string) {
    this.root = root;
    // Whatever is in its name, this is a name of a file, and a short one, as the path of a socket has to be.
    this.place = destination === undefined ? '' : createHash('sha256').update(destination).digest('hex').slice(0, 12);
    this.self = { pid: process.pid, program };
  }

  join(port: number, signal?: CancelSignal): Promise<ShareLink> {
    return new Promise((resolve, reject) => {
      const socket = net.connect(this.pathOf(port));
      const cancelling = onCancel(signal, () => socket.destroy(new Error('cancelled')));
      // A socket whose process is gone refuses (ECONNREFUSED), as one that never was does (ENOENT).
      const refuse = (cause?: Error): void => {
        cancelling.dispose();
        reject(new UserError(`Nobody shares the console on port ${port}.`, [], { cause }));
      };
      socket.once('error', refuse);
      socket.once('close', () => refuse());
      socket.once('connect', () => {
        cancelling.dispose();
        resolve(new SocketLink(socket));
      });
    });
  }

  serve(port: number, onGuest: (link: ShareLink) => void): Disposable | undefined {
    if (!isPrivate(this.root)) return undefined;
    const file = this.pathOf(port);
    // By another name first: libuv removes the file that it has bound when the server closes, and by then ours may have
    // been replaced by that of the next owner. rename(2) also replaces what a dead owner has left.
    const bound = `${file}.${process.pid}.${(served += 1)}`;
    const links = new Set<SocketLink>();
    const server = net.createServer(socket => {
      const link = new SocketLink(socket);
      links.add(link);
      socket.once('close', () => links.delete(link));
      onGuest(link);
    });
    // The path is too long, or the folder is full: nobody can join, and everything else works.
    server.on('error', () => undefined);
    server.listen(bound);
    const inode = publish(bound, file);
    return disposable(() => {
      if (inode !== undefined && inodeOf(file) === inode) fs.rmSync(file, { force: true });
      server.close();
      for (const link of links) link.dispose();
    });
  }

  private pathOf(port: number): string {
    return path.join(this.root, consoleShare(port, this.place));
  }
}

function publish(bound: string, file: string): number | undefined {
  try {
    // Node binds at once and only tells later.
    const inode = inodeOf(bound);
    fs.renameSync(bound, file);
    return inode;
  } catch {
    return undefined;
  }
}

function inodeOf(file: string): number | undefined {
  try {
    return fs.statSync(file).ino;
  } catch {
    return undefined;
  }
}
