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
  for (const id of allIds()) {
    if (ids.length === count) return ids;
    if (await isOurs(id)) ids.push(id);
  }
  throw new Error('There are not enough free console ports on this host.');
}

/** The same, each the next one, as the VMs of a row (`count`) have them. */
export async function freeRow(count: number): Promise<readonly number[]> {
  let row: number[] = [];
  for (const id of allIds()) {
    if (row.length === count) return row;
    const isNext = row.length === 0 || row.at(-1) === id - 1;
    row = (await isOurs(id)) ? [...(isNext ? row : []), id] : [];
  }
  throw new Error(`There are no ${count} IDs in a row with free console ports on this host.`);
}

/** From a random one on. */
function* allIds(): Generator<number> {
  const size = highest - lowest + 1;
  const first = Math.floor(Math.random() * size);
  for (let offset = 0; offset < size; offset++) yield lowest + ((first + offset) % size);
}

/** Takes an ID if its console ports are free. */
async function isOurs(id: number): Promise<boolean> {
  if (!(await isClaimed(id))) return false;
  return (await Promise.all([serialPort(id), monitorPort(id), displayPort(id)].map(isFree))).every(Boolean);
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
