import { beforeEach, describe, expect, test } from 'vitest';
import { UserError } from '../../../extension/base/user-error.ts';
import { CancelSource } from '../../../extension/base/cancel.ts';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import type { CommandAnswer } from '../../../extension/runtime/checks/check-bench.ts';
import type { CheckResult } from '../../../extension/runtime/checks/check-result.ts';
import { readAddresses } from '../../../extension/runtime/checks/guest-addresses.ts';
import { readConnect, readPing, readRoute, readUdpCount } from '../../../extension/runtime/checks/guest-tools.ts';
import { runChecks, type CheckEvent } from '../../../extension/runtime/checks/run-checks.ts';
import { LabStore } from '../../../extension/runtime/store.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeManagement, FakeVdeSwitch } from '../../support/fake-management.ts';
import { runningVm } from '../../support/running-vm.ts';
import { runningLan, runRoot } from '../../support/switch-pictures.ts';

const labPath = '/work/dmz.lab.yaml';
const labText = (checks: readonly string[]): string => `name: dmz
switches: { lan: { stp: true }, net: {} }
vms:
  fw: { id: 31, guest: tiny, forward: true, nics: [{ switch: lan, address: 10.1.1.1/24 }, { switch: net, address: 10.2.0.1/24 }] }
  pc: { id: 32, guest: tiny, nics: [{ switch: lan, address: 10.1.1.2/24 }] }
  web: { id: 33, guest: tiny, nics: [{ switch: net, address: dhcp }] }
  deb: { id: 34, nics: [{ switch: lan, address: 10.1.1.4/24 }] }
groups: { both: { vms: [fw, pc] } }
checks:
${checks.map((check, at) => `  c${at}: ${check}\n`).join('')}`;

const pinged = (received: number, ms = 5): string =>
  `3 packets transmitted, ${received} packets received, ${100 - 100 * (received / 3)}% packet loss\n` +
  (received > 0 ? `round-trip min/avg/max = 1.0/${ms}.0/9.0 ms\n` : '');
const ips = (address: string): string =>
  `1: lo    inet 127.0.0.1/8 scope host lo\\  valid_lft forever\n2: eth0    inet ${address}/24 scope global eth0\\  valid_lft forever\n`;

let answers: Record<string, string | readonly [number, string]>;
let ran: string[];
let clock: FakeClock;
let lan: FakeVdeSwitch;
let stopped: string[];

beforeEach(() => {
  clock = new FakeClock();
  lan = new FakeVdeSwitch().port(1, { endpoints: ['QEMU pid=11'] }).port(2, { endpoints: ['QEMU pid=12'] });
  [ran, stopped] = [[], []];
  answers = {
    'pc cat /sys': `1\n${ips('10.1.1.2')}`,
    'web ip -o link': `2: eth0: <UP> link/ether 52:54:00:00:21:01 brd ff\n${ips('10.2.0.80')}`,
    'web ip -o addr': ips('10.2.0.80'),
    'fw ip -o addr': ips('10.1.1.1'),
  };
});

/** The answer whose key begins the command best: `pc ping`. */
function answer(vm: string, command: string): Promise<CommandAnswer> {
  const line = `${vm} ${command}`;
  ran.push(line);
  const key = Object.keys(answers)
    .filter(one => line.startsWith(one))
    .sort((a, b) => b.length - a.length)[0];
  const found = key === undefined ? undefined : answers[key];
  if (found === undefined) return Promise.reject(new UserError(`${vm} does not answer.`));
  const [status, output] = typeof found === 'string' ? [0, found] : found;
  return Promise.resolve({ status, output });
}

async function events(checks: readonly string[], signal?: CancelSource): Promise<readonly CheckEvent[]> {
  const reading = readLab(labText(checks));
  const store = new LabStore();
  store.setReading(labPath, reading);
  const management = new FakeManagement();
  const other = { socket: `${runRoot}/dmz/switch-net`, management: `${runRoot}/dmz/switch-net.mgmt`, name: 'net' };
  management.switches.set(runningLan().management ?? '', lan);
  management.switches.set(other.management, new FakeVdeSwitch());
  const vms = ['fw', 'pc', 'web', 'deb'].filter(name => !stopped.includes(name));
  store.setHost({
    vms: vms.map((name, at) => runningVm(name, 11 + at, { pidFile: `${runRoot}/dmz/${name}.pid` })),
    switches: [runningLan(), runningLan(other)],
    wires: [],
  });
  const parts = {
    ...{ labPath, store, management, clock, random: () => 7 },
    look: () => Promise.resolve(),
    guests: { run: answer },
    plug: () => ({ send: () => 0, onFrame: () => ({ dispose: () => undefined }), dispose: () => undefined }),
  };
  const found: CheckEvent[] = [];
  for await (const event of runChecks(reading.lab!, reading.lab!.checks ?? [], parts, signal?.signal))
    found.push(event);
  return found;
}

async function results(...checks: readonly string[]): Promise<readonly CheckResult[]> {
  return (await events(checks)).flatMap(event => (event.kind === 'ends' ? [event.result] : []));
}

/** `passed: pc reaches …` */
const words = async (...checks: readonly string[]): Promise<readonly string[]> =>
  (await results(...checks)).map(({ outcome, message }) => `${outcome}: ${message}`);

describe('checks of a lab that runs', () => {
  test('reach by ping, at the address that DHCP gave', async () => {
    answers['pc ping'] = pinged(1);

    expect(await words('pc reaches web')).toEqual(['passed: pc reaches web (10.2.0.80) by ping.']);
    answers['pc ping'] = [1, pinged(0)];
    expect(await words('pc reaches web')).toEqual(['failed: pc got no answer from web (10.2.0.80) by ping.']);
  });

  test.each([
    [[0, ''], 'passed: pc reaches fw (10.1.1.1) on tcp/22.'],
    [[1, "nc: can't connect to remote host (10.1.1.1): Connection refused"], 'failed: pc is refused by fw'],
    [[1, "nc: can't connect to remote host (10.1.1.1): No route to host"], 'failed: pc got no answer from fw'],
    [[127, 'sh: nc: not found'], 'could-not: On pc the program'],
  ] as const)('reach by TCP tells refused, silent and broken apart: %j', async (said, told) => {
    answers['pc nc'] = said;

    expect((await words('pc reaches fw on tcp/22'))[0]).toContain(told);
  });

  test('each VM of a group is looked at, but nobody at itself', async () => {
    answers['pc ping'] = pinged(3);
    answers['fw ping'] = [1, pinged(0)];

    expect(await words('both reach fw', 'both reach web', 'fw reaches fw')).toEqual([
      'passed: pc reaches fw (10.1.1.1) by ping.',
      'failed: fw got no answer from web (10.2.0.80) by ping.',
      'could-not: There is nobody whom this check is about.',
    ]);
    expect(await words('both reach fw within 9ms')).toMatchObject([expect.stringMatching(/^passed: pc to fw/)]);
  });

  test('a guest that is not the tiny one is asked what it has', async () => {
    answers['deb command -v'] = '/usr/bin/bash\n/usr/bin/timeout\n';
    answers['deb timeout 5 bash'] = '';

    expect(await words('deb reaches fw on tcp/22')).toEqual(['passed: deb reaches fw (10.1.1.1) on tcp/22.']);
    answers['deb command -v'] = '';
    expect((await words('deb reaches fw on tcp/22'))[0]).toBe(
      'could-not: The guest has neither bash nor nc, so no connection can be tried.',
    );
  });

  describe('must not reach', () => {
    beforeEach(() => (answers['pc nc'] = [1, 'nc: timed out']));
    const check = 'pc must not reach web on tcp/80';

    test('passes when who is asked answers itself, and who asks is plugged in', async () => {
      answers['web nc'] = '';

      expect(await words(check)).toEqual(['passed: pc does not reach web (10.2.0.80) on tcp/80.']);
    });

    test('fails when it is reached', async () => {
      answers['pc nc'] = '';

      expect(await words(check)).toEqual(['failed: pc reaches web (10.2.0.80) on tcp/80, and must not.']);
    });

    test.each([
      [
        'the service is dead',
        { 'web nc': [1, 'Connection refused'] as const },
        'does not even answer itself on tcp/80',
      ],
      ['the address is gone', { 'web ip -o addr': ips('10.2.0.99') }, 'does not have 10.2.0.80 now'],
      ['the cable is pulled', { 'pc cat /sys': `0\n${ips('10.1.1.2')}` }, 'cables of pc are pulled'],
      ['there is no address', { 'pc cat /sys': '1\n' }, 'pc has no address'],
    ])('proves nothing when %s', async (_case, said, told) => {
      answers = { ...answers, 'web nc': '', ...said };

      const [verdict = ''] = await words(check);

      expect(verdict).toContain(told);
      expect(verdict).toMatch(/^could-not: /);
    });

    test('proves nothing when a VM is down or no plug is in the switch', async () => {
      answers['web nc'] = '';
      lan.port(2);
      expect(await words(check)).toEqual(['could-not: pc is plugged into no switch, so it reaches nobody at all.']);
      lan.port(2, { endpoints: ['QEMU pid=12'] });
      stopped = ['web'];
      expect(await words(check)).toEqual(['could-not: VM web does not run. Start it first.']);
      stopped = ['pc'];
      expect(await words(check)).toEqual(['could-not: VM web does not run. Start it first.'.replace('web', 'pc')]);
    });
  });

  test('a way leads through a VM, or not', async () => {
    answers['pc ping'] = pinged(3);
    answers['pc traceroute'] =
      'traceroute to 10.2.0.80 (10.2.0.80), 12 hops\n 1  10.1.1.1  1 ms\n 2  10.2.0.80  2 ms\n';

    expect(await words('pc reaches web through fw')).toEqual([
      'passed: pc reaches web (10.2.0.80) by ping, through 10.1.1.1, 10.2.0.80.',
    ]);
    answers['fw ip -o addr'] = ips('10.9.9.9');
    expect((await words('pc reaches web through fw'))[0]).toContain(
      'does not lead through fw: it leads through 10.1.1.1',
    );
  });

  test('loss and time have bounds', async () => {
    answers['pc ping'] = pinged(2, 40);

    expect((await words('pc reaches fw within 50ms'))[0]).toMatch(/^passed: .*33.3 % of 3 lost, 40 ms on average/);
    expect((await words('pc reaches fw within 30ms'))[0]).toMatch(/^failed: .*Allowed: 30 ms/);
    expect((await words('pc reaches fw with at most 5% loss'))[0]).toMatch(/^failed: .*Allowed: 5 %/);
    answers['pc ping'] = [127, 'sh: ping: not found'];
    expect((await words('pc reaches fw within 30ms'))[0]).toMatch(/^could-not: /);
  });

  test('UDP arrives if the receiver counts it', async () => {
    const counts = ['Udp: InDatagrams NoPorts\nUdp: 5 1\n', 'Udp: InDatagrams NoPorts\nUdp: 5 8\n'];
    answers['pc timeout'] = '';
    Object.defineProperty(answers, 'fw grep', { enumerable: true, get: () => counts.shift() });

    expect(await words('pc reaches fw on udp/53')).toEqual(['passed: pc reaches fw (10.1.1.1) on udp/53.']);
  });

  test('throughput is what came in the time that the guest tells', async () => {
    answers['fw (timeout'] = '';
    answers['fw for'] = '';
    answers['pc cat'] = '10.00 9.00\nTerminated\n1000000\n12.00 10.00\n';

    expect(await words('pc gets at least 3Mbit from fw')).toEqual([
      'passed: pc got 4Mbit a second from fw (10.1.1.1).',
    ]);
    expect((await words('pc gets at least 5Mbit from fw'))[0]).toContain('failed: pc got 4Mbit a second');
    answers['pc cat'] = '10.00 9.00\n0\n12.00 10.00\n';
    expect((await words('pc gets at least 5Mbit from fw'))[0]).toContain('failed: pc got nothing at all');
  });

  test('a command ends and prints as it is said', async () => {
    answers['fw cat'] = '1\n';

    expect(
      await words(
        '{ on: fw, run: cat x, prints: /^1$/ }',
        '{ on: fw, run: cat x, prints: "2" }',
        '{ on: fw, run: cat x, status: 3 }',
      ),
    ).toEqual([
      'passed: On fw the command ended with 0. It printed: 1',
      'failed: On fw the command did not print "2". It printed: 1',
      'failed: On fw the command ended with 0 and not with 3. It printed: 1',
    ]);
  });

  test('the root of the spanning tree is one switch', async () => {
    lan.hasStp = true;
    expect(await words('lan is the STP root')).toEqual(['passed: lan is the root of the spanning tree.']);
    lan.rootPort = 3;
    expect((await words('lan is the STP root'))[0]).toMatch(/^failed: lan is not the root .* by port 3\./);
    lan.hasStp = false;
    expect(await words('lan is the STP root')).toEqual(['failed: The spanning tree of lan is off.']);
  });

  test('VMs in one VLAN of one switch are not isolated, whatever the lab file says', async () => {
    lan
      .vlan(10)
      .port(1, { vlan: 10, endpoints: ['QEMU pid=11'] })
      .port(2, { vlan: 10, endpoints: ['QEMU pid=12'] });

    expect(await words('pc is isolated from fw/1')).toEqual(['failed: pc and fw/1 are both in VLAN 10 of lan.']);
  });

  test('the transcript has what was asked and answered', async () => {
    answers['pc ping'] = [1, pinged(0)];

    expect((await results('pc reaches fw'))[0]?.transcript).toBe(
      'pc# ping -c 3 -i 0.3 -W 5 10.1.1.1\n3 packets transmitted, 0 packets received, 100% packet loss\n(status 1)\n',
    );
  });

  test('one that may take its time is tried again until it holds, or the time is over', async () => {
    answers['fw true'] = [1, ''];
    const running = results('{ on: fw, run: "true", wait: 10s }');
    const untilTried = (times: number) => expect.poll(() => [ran.length, clock.pending]).toEqual([times, 1]);
    await untilTried(1);
    clock.advance(500);
    await untilTried(2);
    answers['fw true'] = '';
    clock.advance(500);

    expect(await running).toMatchObject([{ outcome: 'passed', ms: 1000 }]);

    answers['fw true'] = [1, ''];
    const late = results('{ on: fw, run: "true", wait: 1s }');
    await untilTried(4);
    clock.advance(1500);
    expect(await late).toMatchObject([{ outcome: 'failed', ms: 1500 }]);
  });

  test('they are told one after another, and no more once they are called off', async () => {
    answers['fw a'] = '';
    const source = new CancelSource();
    Object.defineProperty(answers, 'fw b', { enumerable: true, get: () => (source.cancel(), '') });

    const told = await events(['{ on: fw, run: a }', '{ on: fw, run: b }', '{ on: fw, run: a }'], source);

    expect(told.map(event => (event.kind === 'ends' ? event.result.outcome : event.check.name))).toEqual([
      'c0',
      'passed',
      'c1',
    ]);
  });
});

describe('what programs of guests print', () => {
  test('pings of busybox and iputils', () => {
    const iputils =
      '20 packets transmitted, 19 received, +1 errors, 5% packet loss, time 1903ms\nrtt min/avg/max/mdev = 0.1/0.25/0.4/0.03 ms\n';

    expect(readPing({ status: 0, output: iputils })).toEqual({ sent: 20, received: 19, ms: 0.25 });
    expect(readPing({ status: 0, output: pinged(3) })).toEqual({ sent: 3, received: 3, ms: 5 });
    expect(readPing({ status: 1, output: 'ping: sendto: Network is unreachable\n' })).toMatchObject({ received: 0 });
    expect(readPing({ status: 127, output: 'sh: ping: not found\n' })).toBeUndefined();
  });

  test('ways of traceroute and tracepath', () => {
    const traceroute =
      'traceroute to 10.1.0.80 (10.1.0.80), 12 hops max\n 1  192.168.10.1  1.2 ms  *\n 2  *  *\n 3  fd00::1  3.4 ms\n';
    const tracepath =
      ' 1?: [LOCALHOST]                      pmtu 1500\n 1:  192.168.10.1     0.4ms\n 2:  10.1.0.80     0.9ms reached\n';

    expect(readRoute(traceroute)).toEqual(['192.168.10.1', 'fd00::1']);
    expect(readRoute(tracepath)).toEqual(['192.168.10.1', '10.1.0.80']);
  });

  test('addresses, UDP counters and connections', () => {
    expect(readAddresses(`${ips('10.1.1.2')}3: eth0.10@eth0    inet6 fd00::2/64 scope global \\ x\n`)).toEqual([
      { interface: 'eth0', address: '10.1.1.2' },
      { interface: 'eth0.10', address: 'fd00::2' },
    ]);
    const udp = 'Udp: InDatagrams NoPorts InErrors\nUdp: 4 3 9\nUdp6InDatagrams 2\nUdp6NoPorts 1\n';
    expect(readUdpCount(udp)).toBe(10);
    expect(readUdpCount('')).toBeUndefined();
    expect(readConnect({ status: 124, output: '' })).toBe('silent');
    expect(readConnect({ status: undefined, output: 'Connection refused' })).toBe('refused');
  });
});
