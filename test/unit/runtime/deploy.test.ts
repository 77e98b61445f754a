import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { NodeFiles } from '../../../extension/host/files.ts';
import type { Lab } from '../../../extension/lab/model.ts';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { deploy, planDeploy, type DeployPlan } from '../../../extension/runtime/hosts/deploy.ts';
import { copyFile, missingFiles, scriptsHere } from '../../../extension/runtime/hosts/deploy-lab.ts';
import { writeSeeds } from '../../../extension/runtime/images/seed-writer.ts';
import { writeScripts } from '../../../extension/runtime/script-writer.ts';
import { FakeRemoteHosts } from '../../support/fake-remote-hosts.ts';

const text = `
name: spread
hosts: { left: { scripts: my/labs } }
switches: { lan: {} }
vms:
  a: { id: 61, host: left, nics: [{ switch: lan }] }
  b: { id: 62, host: left, kernel: boot/vmlinuz, initrd: /no/such/initrd, cdrom: cd.iso, nics: [{ switch: lan }] }
  c: { id: 63, kernel: boot/other, nics: [{ switch: lan }] }
`;
const files = new NodeFiles();
let root: string;
let labPath: string;
let hosts: FakeRemoteHosts;
let there: string;

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'kd-'));
  labPath = path.join(root, 'here/spread.lab.yaml');
  hosts = new FakeRemoteHosts();
  const home = path.join(root, 'home');
  mkdirSync(home);
  hosts.homes.set('left', home);
  there = path.join(home, 'my/labs/spread');
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

const labOf = (changed = text): Lab => readLab(changed).lab!;

async function plan(lab = labOf()): Promise<DeployPlan> {
  await writeScripts(files, labPath, lab);
  return planDeploy(hosts, lab.hosts![0]!, lab, await scriptsHere(files, labPath, lab));
}

const namesOf = (list: readonly { readonly name: string }[]): readonly string[] => list.map(({ name }) => name).sort();

test('all scripts are copied once, can be run, and then only what changed', async () => {
  const first = await plan();
  await deploy(hosts, first);
  const again = await plan();
  const later = await plan(labOf(text.replace('id: 62,', 'id: 62, memory: 1G,')));
  await deploy(hosts, later);

  expect(namesOf(first.changed)).toEqual(
    readdirSync(there)
      .filter(name => name !== '.deployed')
      .sort(),
  );
  expect(namesOf(first.changed)).toContain('common-vm.sh');
  expect(statSync(path.join(there, 'a.sh')).mode & 0o777).toBe(0o755);
  expect(readFileSync(path.join(there, 'host'), 'utf8')).toBe('left\n');
  expect(namesOf(again.changed)).toEqual([]);
  expect(namesOf(later.changed)).toEqual(['b.sh']);
  expect((await plan(labOf(text.replace('id: 62,', 'id: 62, memory: 1G,')))).changed).toEqual([]);
});

test('what was changed by hand there is shown and stays, unless it may go: then a copy stays', async () => {
  await deploy(hosts, await plan());
  appendFileSync(path.join(there, 'a.sh'), 'echo mine\n');
  const changed = labOf(text.replace('id: 61,', 'id: 61, memory: 1G,'));
  const edited = await plan(changed);

  expect(edited.edited).toEqual([{ name: 'a.sh', lines: ['RAM=256M', 'echo mine'] }]);
  await expect(deploy(hosts, edited)).rejects.toThrow(/Nothing was copied to host left.*a\.sh.*echo mine.*--force/s);
  expect(readFileSync(path.join(there, 'a.sh'), 'utf8')).toContain('echo mine');

  await deploy(hosts, edited, true);
  const [copy] = readdirSync(there).filter(name => name.startsWith('a.sh.edited-'));
  expect(readFileSync(path.join(there, copy!), 'utf8')).toContain('echo mine');
  expect((await plan(changed)).changed).toEqual([]);
});

test('what was changed here by hand and copied is no change there', async () => {
  const lab = labOf();
  await writeScripts(files, labPath, lab);
  const script = path.join(root, 'here/spread/a.sh');
  writeFileSync(script, readFileSync(script, 'utf8').replace('RAM=256M', 'RAM=300M'));
  await deploy(hosts, await plan());
  writeFileSync(script, readFileSync(script, 'utf8').replace('RAM=300M', 'RAM=400M'));
  const next = await plan();

  expect([namesOf(next.changed), next.edited]).toEqual([['a.sh'], []]);
});

test('a copy that breaks off changes nothing', async () => {
  await deploy(hosts, await plan());
  const before = readFileSync(path.join(there, 'b.sh'), 'utf8');
  const next = await plan(labOf(text.replace('id: 62,', 'id: 62, memory: 1G,')));
  const cut: FakeRemoteHosts = new FakeRemoteHosts();
  cut.homes.set('left', hosts.homes.get('left')!);
  const whole = cut.run.bind(cut);
  cut.run = (host, words, options) => whole(host, words, { input: (options?.input as string).slice(0, -200) });

  await expect(deploy(cut, next)).rejects.toThrow('Host left says: what came is not what was sent');
  expect(readFileSync(path.join(there, 'b.sh'), 'utf8')).toBe(before);
  expect(readdirSync(there).filter(name => name.startsWith('.new'))).toEqual([]);
});

test('scripts of what left the lab are named', async () => {
  await deploy(hosts, await plan());

  expect((await plan(labOf(text.replace(/ {2}b: .*\n/, '')))).left).toEqual(['b.sh']);
});

test('files that VMs miss on their host are named, and small ones that are here can be copied', async () => {
  const lab = labOf();
  const parts = {
    ...{ hosts, files, home: root, guestFolder: path.join(root, 'guest') },
    size: (file: string) => Promise.resolve(existsSync(file) ? statSync(file).size : undefined),
  };
  const kernel = path.join(root, 'here/boot/vmlinuz');
  mkdirSync(path.dirname(kernel), { recursive: true });
  writeFileSync(kernel, 'a kernel');
  const missing = await missingFiles(parts, lab.hosts![0]!, labPath, lab);

  expect(missing).toEqual([
    { there: 'my/labs/cd.iso', what: 'cdrom of VM b' },
    { there: 'my/labs/boot/vmlinuz', what: 'kernel of VM b', here: kernel },
    { there: '/no/such/initrd', what: 'initrd of VM b' },
  ]);

  await copyFile(parts, lab.hosts![0]!, missing[1]!);
  expect(readFileSync(path.join(root, 'home/my/labs/boot/vmlinuz'), 'utf8')).toBe('a kernel');
  expect(await missingFiles(parts, lab.hosts![0]!, labPath, lab)).toHaveLength(2);
});

test('seeds, sticks and boot files are copied too; a seed of an older lab file anew, and never over a file of others', async () => {
  const seeded = `
name: spread
hosts: { left: { scripts: my/labs } }
switches: { lan: { host: left, network: 10.9.0.0/24, pxe: { root: boot, file: first.ipxe } } }
vms:
  a: { id: 61, host: left, sticks: notes.img, image: /srv/debian.qcow2, cloud-init: { user: one } }
  b: { id: 62, image: /srv/debian.qcow2, cloud-init: { user: one } }
`;
  const parts = {
    ...{ hosts, files, home: root, guestFolder: path.join(root, 'guest') },
    size: (file: string) => Promise.resolve(statSync(file).size),
  };
  for (const name of ['notes.img', 'boot/first.ipxe']) {
    mkdirSync(path.dirname(path.join(root, 'here', name)), { recursive: true });
    writeFileSync(path.join(root, 'here', name), name);
  }
  const look = async (lab: Lab) => {
    await writeSeeds(files, labPath, lab);
    const missing = await missingFiles(parts, lab.hosts![0]!, labPath, lab);
    return missing.filter(({ what }) => !what.startsWith('image'));
  };
  const lab = labOf(seeded);
  const first = await look(lab);
  expect(first.map(({ what, here }) => [what, here !== undefined])).toEqual([
    ['stick of VM a', true],
    ['boot file of switch lan', true],
    ['seed of VM a', true],
  ]);

  for (const one of first) await copyFile(parts, lab.hosts![0]!, one);

  const copies = first.map(({ there: file }) => path.join(root, 'home', file));
  expect(readFileSync(copies[1]!, 'utf8')).toBe('boot/first.ipxe');
  expect(readFileSync(copies[2]!)).toEqual(readFileSync(first[2]!.here!));
  expect(statSync(copies[2]!).mode & 0o777).toBe(0o600);
  expect(await look(lab)).toEqual([]);
  expect(await look(labOf(seeded.replace('user: one', 'user: two')))).toMatchObject([
    { what: 'seed of VM a', isOld: true, here: first[2]!.here },
  ]);
  writeFileSync(copies[2]!, 'mine');
  const [foreign] = await look(lab);
  expect(foreign?.what).toMatch(/seed of VM a; there is a file of another origin/);
  expect(foreign).not.toHaveProperty('here');
});
