import { describe, expect, test } from 'vitest';
import { FakeTerminal } from '../../support/fake-terminal.ts';

const lab = `defaults: { cpus: 2 }
switches: { lan: {} }
vms:
  fw:
    id: 31
    extra: [-device, 'a b']
    nics: [{ switch: lan }]
`;

describe('kvmlab explain', () => {
  test('prints each setting, its source with the line, its option and what that does', async () => {
    const terminal = new FakeTerminal({ '/work/dmz.lab.yaml': lab, '/home/u/.kvmscript': '# mine\n\nRAM=768M\n' });

    expect(await terminal.run('explain', 'fw')).toBe(0);
    expect(terminal.err).toBe('');
    expect(terminal.out).toContain(
      'memory: 768M, from ~/.kvmscript line 3\n    -m 768M\n        The memory of the guest.\n',
    );
    expect(terminal.out).toContain('cpus: 2, from defaults: of the lab file, line 1\n    -smp 2\n');
    expect(terminal.out).toContain('id: 31, from its entry in the lab file, line 5\n');
    expect(terminal.out).toContain("    -device 'a b'\n");
    expect(terminal.out).toContain('accel: auto, built in\n    -accel $accel\n        How');
    expect(terminal.out).toContain('    -netdev vde,id=vde1,sock=/run/u/kvmlab/dmz/switch-lan,port=1\n');
    expect(terminal.out).toMatch(/\nEvery VM has\n {4}qemu-system-x86_64\n(.*\n)* {4}-nodefaults\n/);
  });

  test('gives the promised keys as JSON', async () => {
    const terminal = new FakeTerminal({ '/work/dmz.lab.yaml': lab });

    expect(await terminal.run('explain', '--json', 'dmz.lab.yaml', 'fw')).toBe(0);
    const settings = terminal.json() as readonly unknown[];
    expect(settings).toContainEqual({
      ...{ key: 'memory', value: '256M', origin: 'built in', source: 'built-in', line: null },
      options: [{ words: ['-m', '256M'], meaning: 'The memory of the guest.' }],
    });
    expect(settings).toContainEqual(expect.objectContaining({ key: 'cpus', source: 'lab-defaults', line: 1 }));
    expect(settings).toContainEqual(expect.objectContaining({ key: null, source: 'always' }));
  });

  test('says which lines of ~/.kvmscript are not understood, and problems of the lab', async () => {
    const terminal = new FakeTerminal({
      '/work/dmz.lab.yaml': lab.replace('id: 31', 'id: 31\n    memory: lots'),
      '/home/u/.kvmscript': 'RAM=$(free)\n',
    });

    expect(await terminal.run('explain', 'fw')).toBe(0);
    expect(terminal.err).toMatch(/^~\/\.kvmscript:1: warning: RAM is set with the output of a command\./);
    expect(terminal.err).toContain('dmz.lab.yaml:6:13: error: memory takes');
    expect(terminal.out).toContain('memory: 256M, ');
  });

  test('names the VMs there are, and takes no half orders', async () => {
    const terminal = new FakeTerminal({ '/work/dmz.lab.yaml': lab });

    expect([await terminal.run('explain', 'web'), terminal.err]).toEqual([
      1,
      'kvmlab: dmz.lab.yaml has no VM web. It has: fw.\n',
    ]);
    expect(await terminal.run('explain')).toBe(2);
  });
});
