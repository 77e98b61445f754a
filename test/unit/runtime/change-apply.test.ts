import { beforeEach, describe, expect, test } from 'vitest';
import { CancelSource } from '../../../extension/base/cancel.ts';
import { applySteps } from '../../../extension/runtime/change/change-apply.ts';
import { perfectWire, type WireFaults } from '../../../extension/lab/wire-faults.ts';
import type { WireTarget } from '../../../extension/runtime/wires/wire-picture.ts';
import type { ChangeStep } from '../../../extension/runtime/change/change-step.ts';
import { applyError } from '../../../extension/runtime/change/change-words.ts';
import type { LabControl, Outcome } from '../../../extension/runtime/lab-control.ts';
import { switchCommands } from '../../../extension/vde/switch-commands.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeManagement, FakeVdeSwitch } from '../../support/fake-management.ts';
import { FakeNicVm } from '../../support/fake-nic-vm.ts';
import { nic } from '../../support/lab-builder.ts';
import { runningLan, runRoot } from '../../support/switch-pictures.ts';

const run = `${runRoot}/dmz`;
const path = '/labs/dmz.lab.yaml';

let qemu: FakeNicVm;
let lan: FakeVdeSwitch;
let ran: string[];
let outcome: Pick<Outcome, 'kind' | 'message'>;

beforeEach(() => {
  qemu = new FakeNicVm().nic(1, `${run}/switch-lan[1]`).nic(2, `${run}/switch-lan[2]`);
  lan = new FakeVdeSwitch().port(1).port(2).port(3);
  ran = [];
  outcome = { kind: 'done', message: '' };
});

const control: LabControl = {
  run: (verb, things) => {
    ran.push(...things.map(thing => `${verb} ${thing.kind} ${thing.name}`));
    return Promise.resolve(things.map(thing => ({ thing, ...outcome })));
  },
  generate: () => Promise.resolve([]),
};

function apply(steps: readonly ChangeStep[], signal = new CancelSource().signal) {
  const management = new FakeManagement();
  management.switches.set(`${run}/switch-lan.mgmt`, lan);
  const wires = {
    change: ({ name, nic: number }: WireTarget, to: (now: WireFaults) => WireFaults) => {
      ran.push(`faults ${name} ${number}: ${JSON.stringify(to(perfectWire).there)}`);
      return Promise.resolve(to(perfectWire));
    },
    plug: ({ name, nic: number }: WireTarget) => {
      ran.push(`plug ${name} ${number}`);
      return Promise.resolve('done' as const);
    },
  };
  const parts = { control, qmp: qemu, management, clock: new FakeClock(), run, switches: () => [runningLan()], wires };
  return applySteps(steps, parts, { signal });
}

const place = (port: number) => ({ switch: 'lan', port });
const web = { lab: path, kind: 'vm', name: 'web' } as const;
const plug = (number: number, from: number, to: number): ChangeStep => ({
  ...{ id: `nic ${number}`, kind: 'hot', thing: web, words: `NIC ${number}: ${from} → ${to}` },
  action: { kind: 'plug', nic: nic(number, 'lan', { port: to }) },
  from: [place(from)],
  to: [place(to)],
});
const tell: ChangeStep = {
  ...{ id: 'port 2', kind: 'live', thing: { lab: path, kind: 'switch', name: 'lan' }, words: 'port 2: VLAN 7' },
  action: { kind: 'tell', commands: [switchCommands.createVlan(7), switchCommands.setUntagged(2, 7)] },
};

describe('the steps of a plan', () => {
  test('are made in an order that works: switches are told, then plugs move', async () => {
    const report = await apply([plug(1, 1, 3), tell]);

    expect(report).toEqual({ done: [tell, plug(1, 1, 3)], failed: undefined, left: [] });
    expect(ran).toEqual(['start switch lan']);
    expect(lan.ports.get(2)?.vlan).toBe(7);
    expect(qemu.netdevs.get('vde1')).toBe(`${run}/switch-lan[3]`);
  });

  test('let two NICs change places: who is in the way leaves first', async () => {
    await apply([plug(1, 1, 2), plug(2, 2, 1)]);

    expect(qemu.orders.indexOf('netdev_del vde2')).toBeLessThan(qemu.orders.indexOf('netdev_add vde1'));
    expect([1, 2].map(number => qemu.netdevs.get(`vde${number}`))).toEqual([
      `${run}/switch-lan[2]`,
      `${run}/switch-lan[1]`,
    ]);
  });

  test('never plug into a port that is taken or that could not be made, as that would be shared or hang the VM', async () => {
    lan.port(3, { endpoints: ['QEMU user=u pid=9'] });
    const taken = await apply([plug(1, 1, 3)]);
    lan.ports.delete(3);
    const missing = await apply([plug(1, 1, 3)]);

    expect(taken.failed?.error.message).toBe('Port 3 of switch lan is taken: QEMU user=u pid=9. Unplug that first.');
    expect(missing.failed?.error.message).toContain('Port 3 of switch lan could not be made');
    expect(qemu.orders).toEqual([]);
  });

  test('find done what the switch plugged in itself when it started', async () => {
    lan.port(1, { endpoints: ['QEMU user=u pid=9'] });

    expect(await apply([plug(1, 2, 1)])).toMatchObject({ done: [{ id: 'nic 1' }] });
    expect(qemu.orders).toEqual([]);
  });

  test('end at the first that fails, which is said with what was done and what was not', async () => {
    qemu.refusals.set('netdev_add vde1', 'Could not open vde: Connection refused');
    const report = await apply([tell, plug(1, 1, 3), plug(2, 2, 9)]);

    expect(report.left).toHaveLength(1);
    expect(applyError('dmz', path, report)?.message).toBe(
      '1 of 3 changes of dmz were made. NIC 1: 1 → 3: web: Could not open vde: Connection refused. Not made: NIC 2: 2 → 9.',
    );
  });

  test('end where they are called off', async () => {
    const cancel = new CancelSource();
    cancel.cancel();
    const report = await apply([tell], cancel.signal);

    expect(applyError('dmz', path, report)?.message).toBe(
      'Nothing of dmz was changed. Called off. Not made: port 2: VLAN 7.',
    );
  });

  test('tell why a script failed', async () => {
    outcome = { kind: 'failed', message: 'wire lan-dmz did not start.\nits switch dmz does not run' };
    const thing = { lab: path, kind: 'wire', name: 'lan-dmz' } as const;
    const report = await apply([
      { id: 'w', kind: 'hot', thing, words: 'wire lan-dmz', action: { kind: 'run', verb: 'start' } },
    ]);

    expect(report.failed?.error.message).toContain('did not start');
  });
});

test('a bad wire is changed while it is in use, and a NIC with one goes through its script', async () => {
  const faults: WireFaults = { ...perfectWire, there: { delay: { value: 20 } } };
  const bad: ChangeStep = { ...plug(1, 1, 3), action: { kind: 'plug', nic: nic(1, 'lan', { port: 3, faults }) } };
  const wire = { lab: path, kind: 'wire', name: 'lan-dmz' } as const;
  const change: ChangeStep = {
    id: 'w',
    kind: 'live',
    thing: wire,
    words: '',
    action: { kind: 'faults', nic: 0, faults },
  };

  const report = await apply([change, bad]);

  expect(report.failed).toBeUndefined();
  expect(ran.filter(words => !words.startsWith('start'))).toEqual([
    'plug web 1',
    'faults lan-dmz 0: {"delay":{"value":20}}',
  ]);
});
