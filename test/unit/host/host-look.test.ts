import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os, { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LinuxHostLook } from '../../../extension/host/host-look.ts';
import { rememberedAccel } from '../../../extension/host/kvm-proof.ts';
import { listeners } from '../../../extension/host/listeners.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kl-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const lookAt = (runRoot: string, question = {}) =>
  new LinuxHostLook({ env: { ...process.env, XDG_CACHE_HOME: folder }, runRoot, guestFolder: folder }).look({
    ...{ programs: [], groups: [], folders: [], tryKvm: false },
    ...question,
  });

test('tells of this host what it is asked, and what it always tells', async () => {
  const programs = ['bash', 'no-such-program'];
  const deep = path.join(folder, 'not/yet/there');
  const facts = await lookAt(folder, { programs, groups: ['root', 'no-such-group'], folders: [deep] });

  expect([...facts.programs]).toEqual(['bash']);
  expect([...facts.groups.keys()]).toEqual(['root']);
  expect(facts.groups.get('root')).toBe([process.getgid?.(), ...(process.getgroups?.() ?? [])].includes(0));
  expect(facts.freeBytes.get(deep)).toBeGreaterThan(0);
  expect(facts.memory.totalMb).toBeGreaterThan(facts.memory.availableMb);
  expect(facts.memory.availableMb).toBeGreaterThan(0);
  expect(facts.interfaces.get('lo')).toBe('other');
  expect(facts.cpus).toBeGreaterThan(0);
});

test('knows whether the run-time folder is there, can be made, or cannot', async () => {
  const file = path.join(folder, 'file');
  writeFileSync(file, '');
  const states = [folder, path.join(folder, 'run'), path.join(folder, 'session/kvmlab'), path.join(file, 'a/b')];

  const facts = await Promise.all(states.map(state => lookAt(state)));

  expect(facts.map(one => one.runRoot)).toEqual(['there', 'absent', 'absent', 'refused']);
});

test('finds who listens, on one address and on all', async () => {
  const servers = [net.createServer(), net.createServer()];
  servers[0]?.listen(0, '127.0.0.1');
  servers[1]?.listen(0, '::');
  await Promise.all(servers.map(server => once(server, 'listening')));
  try {
    const ports = servers.map(server => (server.address() as net.AddressInfo).port);
    const found = (await listeners()).filter(one => one.protocol === 'tcp' && ports.includes(one.port));

    expect(found.map(({ address, port }) => `${address} ${port}`).sort()).toEqual(
      [`127.0.0.1 ${ports[0]}`, `* ${ports[1]}`].sort(),
    );
    expect(found[0]?.owner).toContain(`(process ${process.pid})`);
  } finally {
    for (const server of servers) server.close();
  }
});

test('reads addresses of the kernel as it writes them', async () => {
  mkdirSync(path.join(folder, 'net'));
  const line = (address: string, state: string) =>
    `   0: ${address} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000  0  0 77 1 0`;
  const file = (name: string, ...lines: readonly string[]) =>
    writeFileSync(path.join(folder, 'net', name), ['  sl', ...lines, ''].join('\n'));
  file('tcp', line('0100A8C0:08AE', '0A'), line('0100007F:0050', '01'));
  file('udp', line('00000000:0045', '07'));
  file(
    'tcp6',
    line('0000000000000000FFFF00000100007F:1F90', '0A'),
    line('00000000000000000000000001000000:0016', '0A'),
  );

  expect(await listeners(folder)).toEqual([
    { protocol: 'tcp', address: '192.168.0.1', port: 2222, owner: undefined },
    { protocol: 'tcp', address: '127.0.0.1', port: 8080, owner: undefined },
    { protocol: 'udp', address: '0.0.0.0', port: 69, owner: undefined },
  ]);
});

test('believes what the scripts have found out about KVM, for this QEMU and kernel only', async () => {
  const qemu = path.join(folder, 'qemu');
  writeFileSync(qemu, 'QEMU');
  const { mtimeMs, size } = statSync(qemu);
  const host = `${os.hostname()} ${os.release()} ${Math.floor(mtimeMs / 1000)}`;
  mkdirSync(path.join(folder, 'kvmlab'));
  writeFileSync(path.join(folder, 'kvmlab/accel'), `${host} ${size + 1} = tcg\n${host} ${size} = kvm\n`);
  const places = { cache: folder, kernel: path.join(folder, 'vmlinuz'), qemu };

  expect(await rememberedAccel(places)).toBe('kvm');
  expect(await rememberedAccel({ ...places, qemu: path.join(folder, 'other') })).toBeUndefined();
});
