import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findPackage, unpackPackages } from '../../extension/host/debian-packages.ts';

/** Debian's QEMU guest agent, not installed, with all that it needs to run in any Linux guest, as a tar archive. */
export async function packGuestAgent(file: string): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'kl-'));
  try {
    const tree = await unpackPackages([await findPackage('qemu-guest-agent', undefined)], folder, undefined);
    const program = path.join(tree, 'usr/sbin/qemu-ga');
    const packed = path.join(folder, 'packed');
    mkdirSync(packed);
    copyFileSync(program, path.join(packed, 'qemu-ga'));
    // QEMU needs the same libraries, so they are on this host.
    for (const library of librariesOf(program)) copyFileSync(library, path.join(packed, path.basename(library)));
    execFileSync('tar', ['-cf', file, '-C', packed, '.']);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const librariesOf = (program: string): readonly string[] =>
  [...execFileSync('ldd', [program], { encoding: 'utf8' }).matchAll(/(?:=> )?(\/\S+) \(0x/g)].map(([, file]) => file!);

/** Unpacks the archive, which is the guest's first disk, as often as it likes. */
export const unpackAgent = 'mkdir -p /tmp/agent && tar -xf /dev/vda -C /tmp/agent && modprobe virtio_console';

/** Runs in the background until it is ended. The loader finds the libraries beside it. */
export const startAgent =
  '/tmp/agent/ld-linux-x86-64.so.2 --library-path /tmp/agent /tmp/agent/qemu-ga -m virtio-serial -p /dev/vport0p1 -t /tmp >/tmp/agent.log 2>&1 & echo $! >/tmp/agent.pid';

/** Is over when it is gone: one that is on its way out would still answer. Fails if none was there. */
export const endAgent =
  'agent=$(cat /tmp/agent.pid) && kill $agent && while kill -0 $agent 2>/dev/null; do sleep 0.1; done';
