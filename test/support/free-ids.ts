import { createServer } from 'node:net';
import { displayPort, monitorPort, serialPort } from '../../extension/lab/networks/addressing.ts';

const given = new Set<number>();

/**
 * VM IDs whose console ports nobody listens on, so that a test never meets a user's VMs. From the upper part of the range
 * and starting at random, so that test files that run at the same time seldom look at the same ones.
 */
export async function freeIds(count: number): Promise<readonly number[]> {
  const ids: number[] = [];
  const first = 5000 + Math.floor(Math.random() * 4000);
  for (let offset = 0; ids.length < count && offset < 5000; offset++) {
    const id = 5000 + ((first - 5000 + offset) % 4999);
    if (given.has(id)) continue;
    const areFree = await Promise.all([serialPort(id), monitorPort(id), displayPort(id)].map(isFree));
    if (!areFree.every(Boolean)) continue;
    given.add(id);
    ids.push(id);
  }
  if (ids.length < count) throw new Error('There are not enough free console ports on this host.');
  return ids;
}

const isFree = (port: number): Promise<boolean> =>
  new Promise(done => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen(port, '127.0.0.1', () => server.close(() => done(true)));
  });
