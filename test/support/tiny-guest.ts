import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildGuest } from '../../extension/host/guest-builder.ts';

let building: Promise<string> | undefined;

/**
 * A folder with the tiny guest (vmlinuz, initrd), made on the first call and kept for later runs: `KVMLAB_TEST_GUEST`,
 * else `out/guest` of the project. Two test files may call it at once: each file of the guest appears whole, and both
 * would write the same bytes.
 */
export function tinyGuestDir(): Promise<string> {
  building ??= build();
  return building;
}

async function build(): Promise<string> {
  const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
  const dir = path.resolve(process.env['KVMLAB_TEST_GUEST'] ?? path.join(root, 'out/guest'));
  await buildGuest(dir, { log: () => undefined });
  return dir;
}
