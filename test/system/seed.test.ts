import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { NodeFiles } from '../../extension/host/files.ts';
import { readLab } from '../../extension/lab/reading/reader.ts';
import { writeSeeds } from '../../extension/runtime/images/seed-writer.ts';
import { GuestLab } from '../support/guest-lab.ts';
import { vm } from '../support/lab-builder.ts';
import { tinyGuestDir } from '../support/tiny-guest.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'kl-'));
const guests = new GuestLab();
afterAll(async () => {
  await guests.stop();
  rmSync(folder, { recursive: true, force: true });
});

const text = 'vms: { web: { id: 31, cloud-init: { user: admin, hostname: web.example, packages: [nginx] } } }\n';
const seed = path.join(folder, 'dmz/disks/web.seed.iso');

test('what cloud-init is to read is a volume that this host and a guest can read', async () => {
  await tinyGuestDir();
  await writeSeeds(
    new NodeFiles(),
    path.join(folder, 'dmz.lab.yaml'),
    readLab(text, { fileName: 'dmz.lab.yaml' }).lab!,
  );

  const facts = execFileSync('/usr/sbin/blkid', ['-p', '-o', 'export', seed], { encoding: 'utf8' }).split('\n');
  const drive = ['-drive', `file=${seed},if=virtio,readonly=on,id=seed,format=raw`];
  const { console, run } = await boot(drive);
  await console.waitFor(/^READY probe$/m);
  await run('modprobe isofs; mount -t iso9660 -o ro /dev/vda /mnt');

  expect(facts).toEqual(expect.arrayContaining(['TYPE=iso9660', 'LABEL=CIDATA']));
  expect((await run('ls /mnt')).split(/\s+/).filter(Boolean).sort()).toEqual([
    'meta-data',
    'network-config',
    'user-data',
  ]);
  expect(await run('head -n 1 /mnt/user-data')).toContain('#cloud-config');
  expect(JSON.parse(await run('cat /mnt/meta-data'))).toMatchObject({ 'local-hostname': 'web.example' });
});

async function boot(drive: readonly string[]) {
  const guest = await guests.boot(vm('probe', 1, { isTinyGuest: true }), ['-cpu', 'max', ...drive]);
  return { console: guest.console, run: (command: string): Promise<string> => guest.run(command) };
}
