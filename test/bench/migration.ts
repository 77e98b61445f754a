import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { MovingGuest, type HostName } from '../support/moving-guest.ts';
import { Namespaces } from '../support/namespaces.ts';
import { tinyGuestDir } from '../support/tiny-guest.ts';

/**
 * `npm run bench:migration [MOVES]` as root: a tiny guest under load goes there and back between two network namespaces,
 * over a real ssh, with its disk and its lock on storage that both see. Fails if a write is lost or made twice, or if it
 * runs at two places or at none; prints for how long it stood still, and what a ping every 20 ms saw of that.
 */
const address: Readonly<Record<HostName, string>> = { left: '10.98.0.1', right: '10.98.0.2' };
const moves = Number(process.argv[2] ?? 50);
const within = process.env['KVMLAB_BENCH_RIGHT'];

if (within === undefined) process.exitCode = await inNamespaces();
else await measure(within);

/** Runs this program in the left one of two namespaces, so that it reaches the consoles there; gives its exit code. */
async function inNamespaces(): Promise<number> {
  // There it could not be fetched.
  await tinyGuestDir();
  const namespaces = new Namespaces();
  try {
    const [left, right] = [namespaces.make('left'), namespaces.make('right')];
    namespaces.join(left, 'eth0', right, 'eth0');
    namespaces.must(left, `ip addr add ${address.left}/24 dev eth0`);
    namespaces.must(right, `ip addr add ${address.right}/24 dev eth0`);
    const words = ['netns', 'exec', left, process.execPath, fileURLToPath(import.meta.url), String(moves)];
    const env = { ...process.env, KVMLAB_BENCH_RIGHT: right };
    return spawnSync('ip', words, { stdio: 'inherit', env }).status ?? 1;
  } finally {
    await namespaces.dispose();
  }
}

async function measure(right: string): Promise<void> {
  const guest = await MovingGuest.make({
    left: { address: address.left, enter: [] },
    right: { address: address.right, enter: ['ip', 'netns', 'exec', right] },
  });
  try {
    await guest.start();
    const pauses: number[] = [];
    const gaps: number[] = [];
    for (let move = 1; move <= moves; move += 1) {
      const stoodMs = await guest.move();
      // Until the network is what it was.
      await pause(1000);
      const gapMs = await guest.longestGapMs();
      pauses.push(stoodMs);
      gaps.push(gapMs);
      console.log(`${move}: stood still for ${stoodMs} ms, no answer for ${gapMs.toFixed(0)} ms`);
    }
    const writes = guest.checkWrites(moves);
    const { sent, lost, twice } = guest.pingCounts;
    console.log(`${moves} moves, ${writes} writes, none lost, none made twice, never at two places or at none`);
    console.log(`  stood still: ${spread(pauses)} ms`);
    console.log(`  no answer to a ping every 20 ms: ${spread(gaps)} ms`);
    console.log(`  pings: ${sent} sent, ${lost} lost, ${twice} answered twice`);
    console.log(`  on ${execFileSync('nproc', { encoding: 'utf8' }).trim()} cores`);
  } finally {
    guest.dispose();
  }
}

function spread(values: readonly number[]): string {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (part: number): string => (sorted[Math.ceil(part * sorted.length) - 1] ?? 0).toFixed(0);
  return `half within ${at(0.5)}, 95 % within ${at(0.95)}, all within ${at(1)}`;
}
