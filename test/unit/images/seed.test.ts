import { expect, test } from 'vitest';
import { metaData, seedTexts } from '../../../extension/images/cloud-init.ts';
import { writeIso } from '../../../extension/images/iso9660.ts';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { writeSeeds } from '../../../extension/runtime/images/seed-writer.ts';
import { FakeFiles } from '../../support/fake-files.ts';

const key = `ssh-ed25519 ${'A'.repeat(68)} me`;
const text = `
switches: { lan: { network: 10.0.0.0/24 }, out: {} }
vms:
  web:
    id: 31
    gateway: 10.0.0.1
    cloud-init: { user: admin, password: 'a"b: #{x}', ssh-keys: [${key}], packages: [nginx] }
    nics:
      - { switch: lan, address: [10.0.0.31/24, 'fd00::31/64'], tagged: { 10: 10.0.10.31/24 } }
      - { switch: out, address: dhcp }
  plain: { id: 32, cloud-init: { hostname: other.example } }
`;
const lab = readLab(text, { fileName: 'dmz.lab.yaml' }).lab!;
const [web, plain] = lab.vms;

test('the login, the host name and the packages of a VM', () => {
  const [first, ...rest] = seedTexts(web!, web!.cloudInit!)['user-data'].split('\n');

  expect(first).toBe('#cloud-config');
  expect(JSON.parse(rest.join('\n'))).toEqual({
    hostname: 'web',
    users: [
      {
        name: 'admin',
        sudo: 'ALL=(ALL) NOPASSWD:ALL',
        shell: '/bin/bash',
        ssh_authorized_keys: [key],
        lock_passwd: false,
        plain_text_passwd: 'a"b: #{x}',
      },
    ],
    ssh_pwauth: true,
    packages: ['nginx'],
  });
});

test('the addresses of its NICs, by their MACs, and the route out where the router is', () => {
  expect(JSON.parse(seedTexts(web!, web!.cloudInit!)['network-config'])).toEqual({
    version: 2,
    ethernets: {
      nic1: {
        match: { macaddress: '52:54:00:00:1f:01' },
        'set-name': 'nic1',
        dhcp4: false,
        addresses: ['10.0.0.31/24', 'fd00::31/64'],
        routes: [{ to: '0.0.0.0/0', via: '10.0.0.1' }],
      },
      nic2: { match: { macaddress: '52:54:00:00:1f:02' }, 'set-name': 'nic2', dhcp4: true },
    },
    vlans: { 'nic1.10': { id: 10, link: 'nic1', dhcp4: false, addresses: ['10.0.10.31/24'] } },
  });
});

test('a VM that says nothing still gets its name', () => {
  expect(JSON.parse(metaData(plain!, plain!.cloudInit!, 'i'))).toEqual({
    'instance-id': 'i',
    'local-hostname': 'other.example',
  });
});

test('a seed is written once, again when the lab says something else, and never over a file of somebody else', async () => {
  const files = new FakeFiles();
  await writeSeeds(files, '/labs/dmz.lab.yaml', lab);
  const before = files.held.get('/labs/dmz/disks/web.seed.iso');
  files.modes.clear();
  await writeSeeds(files, '/labs/dmz.lab.yaml', lab);
  const isWrittenAgain = files.modes.size > 0;
  const other = readLab(text.replace('nginx', 'apache2'), { fileName: 'dmz.lab.yaml' }).lab!;
  await writeSeeds(files, '/labs/dmz.lab.yaml', other);

  expect([isWrittenAgain, [...files.modes]]).toEqual([false, [['/labs/dmz/disks/web.seed.iso', 0o600]]]);
  expect(files.held.get('/labs/dmz/disks/web.seed.iso')).not.toBe(before);
  files.held.set('/labs/dmz/disks/web.seed.iso', 'mine');
  await expect(writeSeeds(files, '/labs/dmz.lab.yaml', lab)).rejects.toThrow('of another origin');
  expect(files.held.get('/labs/dmz/disks/web.seed.iso')).toBe('mine');
});

test('the same files give the same volume, in whole sectors', () => {
  const files = [{ name: 'a', content: Uint8Array.of(1) }];

  expect(writeIso('CIDATA', files)).toEqual(writeIso('CIDATA', files));
  expect(writeIso('CIDATA', files).length % 2048).toBe(0);
});
