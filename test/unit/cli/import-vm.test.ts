import { describe, expect, test } from 'vitest';
import { FakeTerminal } from '../../support/fake-terminal.ts';

const script = `#!/bin/sh
RAM=768
qemu-system-x86_64 -name fw -nodefaults -display none -m $RAM \\
  -drive file=fw.qcow2,if=virtio,format=qcow2 -uuid $(uuidgen) \\
  -netdev vde,id=a,sock=/run/lan -device virtio-net-pci,netdev=a
`;
const lab = `# my lab
switches:
  lan: { network: 10.0.0.0/24 } # office
vms:
  pc: # the first one
    id: 1
`;

describe('kvmlab import vm', () => {
  test('prints a lab file, and tells what became of each option', async () => {
    const terminal = new FakeTerminal({ '/work/start.sh': script });

    expect(await terminal.run('import', 'vm', 'start.sh')).toBe(0);
    expect(terminal.out).toBe(
      [
        ...['switches:', '  lan: {}', 'vms:', '  fw:', '    id: 1', '    memory: 768M', '    disks: [fw.qcow2]'],
        ...['    nics:', '      - { switch: lan }', ''],
      ].join('\n'),
    );
    expect(terminal.err).toContain('understood: -m 768 → memory: 768M\n');
    expect(terminal.err).toContain('not carried over: -uuid $(uuidgen) → only a shell can tell');
  });

  test('puts the VM into a lab that is there: only its own lines are new', async () => {
    const terminal = new FakeTerminal({
      '/work/start.sh': script,
      '/work/labs/dmz.lab.yaml': lab,
      '/work/x.lab.yaml': lab,
    });

    expect(await terminal.run('import', 'vm', 'start.sh', '-o', 'labs/dmz.lab.yaml')).toBe(0);
    expect(terminal.files.held.get('/work/labs/dmz.lab.yaml')).toBe(
      `${lab}  fw:\n    id: 2\n    memory: 768M\n    disks: ["/work/fw.qcow2"]\n    nics:\n      - { switch: lan }\n`,
    );
    expect(terminal.out).toBe('');
  });

  test('takes the command line behind --, word by word', async () => {
    const terminal = new FakeTerminal();

    expect(
      await terminal.run(
        'import',
        'vm',
        '--json',
        '--',
        'qemu-system-x86_64',
        '-nodefaults',
        '-append',
        'a  $(b)',
        '-vnc',
        ':1',
      ),
    ).toBe(0);
    expect(terminal.json()).toMatchObject({ vm: 'vm', file: null, notes: expect.any(Array) as unknown });
    expect((terminal.json() as { text: string }).text).toContain('append: "a  $(b)"');
  });

  test.each([
    [['import', 'vm', 'other.sh'], 1, /There is no command line of QEMU in other\.sh/],
    [['import', 'vm', 'gone.sh'], 1, /There is no file gone\.sh/],
    [['import', 'vm', 'own.sh'], 1, /own\.sh was made by KVM Lab/],
    [['import', 'vm'], 2, /Import which script or command line/],
    [['import', 'a.diag', 'b.diag'], 2, /can do nothing with b\.diag/],
    [['import', 'vm', 'start.sh', '-o', 'broken.lab.yaml'], 1, /mistake in line 1|cannot be read/],
  ])('%j', async (words, code, message) => {
    const files = {
      ...{ '/work/other.sh': 'echo qemu', '/work/start.sh': script, '/work/broken.lab.yaml': 'vms: {{' },
      '/work/own.sh': `#!/usr/bin/env bash\n# x\n# kvmlab: generated 00000000000000\nqemu-system-x86_64\n`,
    };
    const terminal = new FakeTerminal(files);

    expect(await terminal.run(...words)).toBe(code);
    expect(terminal.err).toMatch(message);
    expect(terminal.files.held.get('/work/broken.lab.yaml')).toBe('vms: {{');
  });
});
