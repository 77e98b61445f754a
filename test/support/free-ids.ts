import { once } from 'node:events';
import { createServer } from 'node:net';
import { displayPort, monitorPort, serialPort } from '../../extension/lab/networks/addressing.ts';

/** Displays of higher IDs lie where Linux takes local ports for connections from (ip_local_port_range), at any moment. */
const [lowest, highest] = [1000, 2767];

/**
 * VM IDs whose console ports nobody listens on, so that a test never meets a user's VMs. An ID is given once among all the
 * processes of this host that ask here, for as long as they live.
 */
export async function freeIds(count: number): Promise<readonly number[]> {
  const ids: number[] = [];
  const size = highest - lowest + 1;
  const first = Math.floor(Math.random() * size);
  for (let offset = 0; ids.length < count && offset < size; offset++) {
    const id = lowest + ((first + offset) % size);
    if (!(await isClaimed(id))) continue;
    const areFree = await Promise.all([serialPort(id), monitorPort(id), displayPort(id)].map(isFree));
    if (areFree.every(Boolean)) ids.push(id);
  }
  if (ids.length < count) throw new Error('There are not enough free console ports on this host.');
  return ids;
}

/** Takes the ID for this process; false if it is taken. The name is an abstract one: it goes with the process. */
async function isClaimed(id: number): Promise<boolean> {
  // Of the full length (sun_path), as versions of Node fill up shorter ones differently.
  const claim = createServer().unref().listen(`\0kvmlab-test-id-${id}`.padEnd(108, '-'));
  return once(claim, 'listening').then(
    () => true,
    () => false,
  );
}

const isFree = (port: number): Promise<boolean> =>
  new Promise(done => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen(port, '127.0.0.1', () => server.close(() => done(true)));
  });
