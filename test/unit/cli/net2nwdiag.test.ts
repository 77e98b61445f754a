import { describe, expect, test } from 'vitest';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { FakeVdeSwitch } from '../../support/fake-management.ts';
import { processEntry, switchProcess, vmProcess } from '../../support/fake-processes.ts';
import { FakeTerminal } from '../../support/fake-terminal.ts';

const run = '/run/u/kvmlab/dmz';
const lab =
  'switches: { lan: { network: 10.0.0.0/24 } }\nvms:\n  fw: { id: 31, nics: [{ switch: lan, address: 10.0.0.1/24 }] }\n';
const diag = '{ network n { x [address = "10.0.0.1"]; } y -- x; }';
const diagOfLab =
  'nwdiag {\n  network lan {\n    address = "10.0.0.0/24";\n    fw [address = "10.0.0.1/24"];\n  }\n}\n';

describe('kvmlab net2nwdiag', () => {
  test('writes the only lab of the folder, or a file, in a dialect', async () => {
    const terminal = new FakeTerminal({ '/work/dmz.lab.yaml': lab, '/work/a.diag': diag });

    expect(await terminal.run('net2nwdiag')).toBe(0);
    expect(terminal.out).toBe(diagOfLab);
    expect(terminal.err).toContain('Not written: "external_connector = none"');
    expect(await terminal.run('net2nwdiag', 'a.diag', '--dialect', 'plantuml', '-o', 'b.puml')).toBe(0);
    expect(terminal.out).toBe('');
    expect(await terminal.files.read('/work/b.puml')).toMatch(
      /^@startuml\nnwdiag \{\n[^]*\n {2}y -- x;\n\}\n@enduml\n$/,
    );
  });

  test('reads standard input, which may be a lab or a diagram', async () => {
    const withLab = new FakeTerminal({ '/dev/stdin': lab });
    expect(await withLab.run('net2nwdiag', '-')).toBe(0);
    expect(withLab.out).toBe(diagOfLab);

    const withDiag = new FakeTerminal({ '/dev/stdin': diag });
    expect(await withDiag.run('net2nwdiag', '-')).toBe(0);
    expect(withDiag.out).toContain('  y -- x;\n');
  });

  test('refuses what cannot be drawn, with the place; warnings go along', async () => {
    const terminal = new FakeTerminal({
      '/work/bad.diag': '{\n  a -- a;\n}\n',
      '/work/odd.diag': '{ network n { x [foo = 1] } }',
    });

    expect(await terminal.run('net2nwdiag', 'bad.diag')).toBe(1);
    expect(terminal.err).toContain('bad.diag:2:3: error: a is connected to itself.');
    expect(await terminal.run('net2nwdiag', 'odd.diag')).toBe(0);
    expect(terminal.err).toContain('odd.diag:1:18: warning: A node has no attribute "foo".');
    expect(await terminal.run('net2nwdiag', 'odd.diag', '--dialect', 'latin')).toBe(2);
    expect(await terminal.run('net2nwdiag', 'odd.diag', '--running')).toBe(2);
  });

  test('--running draws what runs: of a lab or not, as it is plugged in now', async () => {
    const terminal = new FakeTerminal({ '/work/dmz.lab.yaml': lab });
    const nic = [
      '-netdev',
      `vde,id=n1,sock=${run}/switch-lan,port=2`,
      '-device',
      'e1000,netdev=n1,mac=52:54:00:00:1f:01',
    ];
    const fw = vmProcess(11, run, 'fw', 31);
    terminal.processes.set(
      { ...fw, args: [...fw.args, ...nic] },
      processEntry(12, [
        'qemu-system-x86_64',
        '-name',
        'old',
        '-netdev',
        'vde,id=n1,sock=/srv/old',
        '-device',
        'e1000,netdev=n1',
      ]),
      switchProcess(21, run, 'lan'),
      processEntry(22, ['vde_switch', '-s', '/srv/old', '-n', '5']),
      processEntry(40, ['/usr/bin/vde_plug', 'x']),
    );
    terminal.management.switches.set(
      `${run}/switch-lan.mgmt`,
      new FakeVdeSwitch()
        .port(2, { endpoints: ['QEMU user=u pid=11'], vlan: 10 })
        .port(3, { endpoints: ['somebody user=u pid=40'] }),
    );

    expect(await terminal.run('net2nwdiag', '--running', '--dialect', 'nwdiag')).toBe(0);
    expect(terminal.out).toContain('network lan {\n    address = "10.0.0.0/24";\n    fw [address = "10.0.0.1/24"];\n');
    expect(terminal.out).toContain('"vde_plug 40"');
    expect(terminal.out).toMatch(/network old \{\n {4}old;\n/);
    expect(terminal.out).toContain('group dmz {\n    label = "lab dmz";\n    fw;');
    expect(terminal.err).toContain('Not written: VLANs (fw).');
  });

  test('--running with nothing running says so', async () => {
    const terminal = new FakeTerminal();

    expect(await terminal.run('net2nwdiag', '--running')).toBe(1);
    expect(terminal.err).toContain('Nothing runs on this host');
  });
});

describe('kvmlab import', () => {
  test('writes a lab file with IDs that nobody here has', async () => {
    const terminal = new FakeTerminal({
      '/work/net.diag': '{ network lan { a; b; c } }',
      '/work/other.lab.yaml': 'vms: { z: { id: 1 } }',
    });
    terminal.processes.set(vmProcess(11, run, 'fw', 2));

    expect(await terminal.run('import', 'net.diag', '-o', 'net.lab.yaml')).toBe(0);
    const made = readLab((await terminal.files.read('/work/net.lab.yaml')) ?? '');
    expect(made.problems).toEqual([]);
    expect([made.lab?.name, made.lab?.vms.map(vm => vm.id)]).toEqual(['net', [3, 4, 5]]);
  });

  test('overwrites nothing unless told to', async () => {
    const terminal = new FakeTerminal({ '/work/net.diag': '{ network lan { a } }', '/work/net.lab.yaml': 'mine' });

    expect(await terminal.run('import', 'net.diag', '-o', 'net.lab.yaml')).toBe(1);
    expect(await terminal.files.read('/work/net.lab.yaml')).toBe('mine');
    expect(await terminal.run('import', 'net.diag', '-o', 'net.lab.yaml', '--force')).toBe(0);
    expect(await terminal.files.read('/work/net.lab.yaml')).toMatch(/^name: net\n/);
  });

  test('tells what was not carried over, and refuses what cannot be read', async () => {
    const terminal = new FakeTerminal({
      '/work/net.diag': '{ network lan { a [address = "USB"] } }',
      '/work/bad.diag': '{ network lan { a',
      '/dev/stdin': '{ network lan { a } }',
    });

    expect(await terminal.run('import', 'net.diag')).toBe(0);
    expect(terminal.err).toContain('Not carried over: what is no free address of its network (a: USB).');
    expect(await terminal.run('import', 'bad.diag')).toBe(1);
    expect(terminal.err).toContain('bad.diag:1:3: error: The braces of this network lan are never closed.');
    expect(await terminal.run('import', '-')).toBe(0);
    expect(terminal.out).toMatch(/^name: lab\n/);
    expect(await terminal.run('import')).toBe(2);
  });
});
