import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import path from 'node:path';
import { encodeFrame } from '../../extension/console/share-frames.ts';
import { consoleShare } from '../../extension/lab/layout.ts';

/** Joins whoever owns the console, asks for all that is printed, and reads none of it. */
export async function deafClient(runRoot: string, port: number): Promise<Socket> {
  const socket = connect(path.join(runRoot, consoleShare(port)));
  await once(socket, 'connect');
  socket.pause();
  socket.write(encodeFrame({ kind: 'hello', pid: process.pid, program: 'deaf', wants: 'data' }));
  return socket;
}
