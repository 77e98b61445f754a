import { describe, expect, test } from 'vitest';
import { vmProcess } from '../../support/fake-processes.ts';
import { FakeTerminal } from '../../support/fake-terminal.ts';

const path = '/work/dmz.lab.yaml';
const lab = `
switches: { lan: {}, inet: { slirp: { forward: [tcp 2222 10.0.2.15:22] } } }
vms:
  fw: { id: 31, memory: 1G, nics: [{ switch: inet }] }
  pc: { id: 32, memory: 512M, nics: [{ switch: lan }], disks: [{ file: pc.qcow2, size: 20G }] }
`;
const setUp = (facts: FakeTerminal['hostLook']['facts']): FakeTerminal => {
  const terminal = new FakeTerminal({ [path]: lab });
  terminal.hostLook.facts = facts;
  return terminal;
};
const memory = (availableMb: number) => ({ memory: { totalMb: 4096, availableMb } });
const listener = { protocol: 'tcp', address: '*', port: 2222, owner: 'sshd (process 9)' } as const;

describe('kvmlab start, before it starts', () => {
  test('adds up what is to start: 1024 + 512 for the guests, 64 for each QEMU, 256 in reserve', async () => {
    const enough = setUp(memory(1920));
    const tooLittle = setUp(memory(1919));

    expect([await enough.run('start'), enough.control.orders.length]).toEqual([0, 1]);
    expect([await tooLittle.run('start'), tooLittle.control.orders]).toEqual([3, []]);
    expect(tooLittle.err).toBe(
      'These are 2 VMs with 1.6 GB of memory, and 1.9 GB of 4.0 GB are free; 256 MB should stay so. The host may swap or end processes.\n' +
        'Nothing was started. To start all the same, add --anyway.\n',
    );
  });

  test('counts neither VMs that run nor those that are not named', async () => {
    const one = setUp(memory(900));
    const running = setUp(memory(900));
    running.processes.set(vmProcess(4711, '/run/u/kvmlab/dmz', 'fw', 31));

    expect(await one.run('start', 'pc')).toBe(0);
    expect(await running.run('start')).toBe(0);
    expect(await setUp(memory(900)).run('start')).toBe(3);
  });

  test('takes another reserve, or none of it', async () => {
    expect(await setUp(memory(1700)).run('start', '--reserve', '0')).toBe(0);
    expect(await setUp(memory(8000)).run('start', '--reserve=8000')).toBe(3);
    expect(await setUp(memory(100)).run('start', '--anyway')).toBe(0);
    expect(await setUp(memory(100)).run('start', '--reserve', 'much')).toBe(2);
  });

  test('names ports that somebody has, those of a switch that a VM brings along too', async () => {
    const terminal = setUp({ listeners: [listener] });

    expect([await terminal.run('start', 'fw'), await terminal.run('start', 'pc')]).toEqual([3, 0]);
    await terminal.run('start', 'fw');
    expect(terminal.err).toContain('Port 2222 (tcp), for the forward to 10.0.2.15:22, is taken by sshd (process 9).');
  });

  test('looks at the disk where disks grow, and at CPUs', async () => {
    const free = (gb: number) => ({ freeBytes: new Map([['/work', gb * 1024 ** 3]]) });
    const [small, full, slow] = [setUp(free(15)), setUp(free(0.5)), setUp({ cpus: 0 })];

    expect([await small.run('start'), await full.run('start'), await slow.run('start')]).toEqual([3, 3, 3]);
    expect(small.err).toContain('Disks in /work may grow to 20.0 GB, and 15.0 GB are free.');
    expect(full.err).toContain('Only 512 MB are free in /work, where disks grow.');
    expect(slow.err).toContain('VM fw, VM pc: more CPUs than the 0 of this host');
    expect(await setUp(free(0.5)).run('start', 'fw')).toBe(0);
  });

  test('asks nothing where nothing is to start', async () => {
    const terminal = setUp(memory(0));

    await terminal.run('stop');

    expect(terminal.hostLook.questions).toEqual([]);
  });
});
