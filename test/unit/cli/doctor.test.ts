import { describe, expect, test } from 'vitest';
import { vmProcess } from '../../support/fake-processes.ts';
import { FakeTerminal } from '../../support/fake-terminal.ts';

const path = '/work/dmz.lab.yaml';
const lab = `
switches:
  lan: {}
  admin: { tap: { interface: kvmadm0, address: 192.168.99.1/24, group: labs, nat: true } }
vms:
  fw: { id: 31, nics: [{ switch: lan }] }
`;

interface Line {
  readonly id: string;
  readonly state: string;
  readonly found: string;
  readonly fix: string | null;
}

async function doctor(
  terminal: FakeTerminal,
): Promise<{ readonly code: number; readonly of: (id: string) => Line | undefined }> {
  const code = await terminal.run('doctor', '--json');
  const lines = terminal.json() as readonly Line[];
  return { code, of: id => lines.find(line => line.id === id) };
}

describe('kvmlab doctor', () => {
  test('finds nothing wrong with a host that has all, and ends with 0', async () => {
    const terminal = new FakeTerminal();

    expect(await terminal.run('doctor')).toBe(0);
    expect(terminal.out).toContain('This host:\n');
    expect(terminal.out).not.toContain('WRONG');
  });

  test('names what every lab needs first, with the command that installs it', async () => {
    const terminal = new FakeTerminal();
    terminal.hostLook.missing.add('unixcmd').add('tshark').add('wireshark');

    expect(await terminal.run('doctor')).toBe(1);
    expect(terminal.out).toMatch(/^This host:\nSTATE +WHAT +FOUND\nWRONG +VDE +Not installed: unixcmd\.\nlacks +/);
    expect(terminal.out).toContain(
      'VDE: The switches, wires, and questions to them and to VMs.\n    sudo apt-get install vde-switch vdeplug vde2\n',
    );
  });

  test('says how the tap of a lab is made, by whom it is used and what its NAT needs', async () => {
    const terminal = new FakeTerminal({ [path]: lab });
    terminal.hostLook.missing.add('nft');
    terminal.hostLook.facts = { groups: new Map([['vde2-net', false]]), tun: 'refused' };

    const { code, of } = await doctor(terminal);

    expect(code).toBe(1);
    expect(of('tap-kvmadm0')).toMatchObject({
      state: 'wrong',
      fix: `kvmlab script ${path} && sudo /work/dmz/switch-admin.sh start RUN_ROOT=/run/u/kvmlab`,
    });
    expect(of('group-labs')).toMatchObject({ state: 'wrong', fix: 'sudo addgroup --system labs' });
    expect(of('group-vde2-net')).toMatchObject({ state: 'lacks', found: 'You are not in it.' });
    expect(of('nft')).toMatchObject({ state: 'wrong', fix: 'sudo apt-get install nftables' });
    expect(of('tun')).toMatchObject({ state: 'wrong', fix: 'sudo chmod 0666 /dev/net/tun' });
    expect(of('forwarding')).toMatchObject({ state: 'fine' });
  });

  test('tells an interface that is there from a tap, and forwarding that is off although the tap is there', async () => {
    const terminal = new FakeTerminal({ [path]: lab });
    terminal.hostLook.facts = { interfaces: new Map([['kvmadm0', 'tap']]) };
    const off = await doctor(terminal);
    terminal.hostLook.facts = { interfaces: new Map([['kvmadm0', 'other']]), isForwarding: true };
    const other = await doctor(terminal);

    expect([off.of('tap-kvmadm0')?.state, off.of('forwarding')?.state]).toEqual(['fine', 'wrong']);
    expect(other.of('tap-kvmadm0')).toMatchObject({ state: 'wrong', fix: null });
  });

  test('asks for a bridge with a command that changes nothing', async () => {
    const terminal = new FakeTerminal({
      [path]: 'switches: { lan: { tap: { interface: t0, bridge: br0, lan: eth0 } } }\nvms: {}\n',
    });

    const { of } = await doctor(terminal);

    expect(of('bridge-br0')?.fix).toBe(`kvmlab script ${path} && /work/dmz/switch-lan.sh bridge-check`);
  });

  test('names who has a port that the lab wants, but not for VMs that run', async () => {
    const terminal = new FakeTerminal({ [path]: lab });
    const listener = { protocol: 'tcp', address: '127.0.0.1', port: 10_031, owner: 'nc (process 7)' } as const;
    terminal.hostLook.facts = { listeners: [listener] };
    const stopped = await doctor(terminal);
    terminal.processes.set(vmProcess(4711, '/run/u/kvmlab/dmz', 'fw', 31));
    const running = await doctor(terminal);

    expect(stopped.of('ports')).toMatchObject({
      state: 'wrong',
      found: 'Port 10031 (tcp), for the serial console of VM fw, is taken by nc (process 7).',
    });
    expect(running.of('ports')?.state).toBe('fine');
  });

  test.each([
    ['refused', 'auto', 'lacks'],
    ['refused', 'kvm', 'wrong'],
    ['useless', 'auto', 'lacks'],
    ['untried', 'kvm', 'fine'],
  ] as const)('KVM that is %s, for a VM with accel %s, is %s', async (kvm, accel, state) => {
    const terminal = new FakeTerminal({ [path]: `vms: { fw: { id: 31, accel: ${accel} } }\n` });
    terminal.hostLook.facts = { kvm };

    expect((await doctor(terminal)).of('kvm')?.state).toBe(state);
  });

  test('lets nothing of a lab file steer the terminal or the shell', async () => {
    const name = '"a b;\\u001b[2J"';
    const terminal = new FakeTerminal({
      [path]: `name: ${name}\nswitches: { admin: { tap: { interface: t0 } } }\nvms: {}\n`,
    });

    await terminal.run('doctor');

    expect(terminal.out).not.toContain('\u001b');
  });
});
