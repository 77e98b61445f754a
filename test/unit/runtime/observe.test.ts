import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { observeHost } from '../../../extension/runtime/observe.ts';
import { processEntry, switchProcess, vmProcess, wireProcess } from '../../support/fake-processes.ts';

const root = '/run/user/1000/kvmlab';
const run = `${root}/dmz`;
const observe = (...processes: Parameters<typeof observeHost>[0]) => observeHost(processes, [root]);

describe('what runs', () => {
  test('of a lab is told by the place of the pid file', () => {
    const processes = [vmProcess(1, run, 'fw', 31), switchProcess(2, run, 'lan'), wireProcess(3, run, 'lan', 'dmz')];

    expect(observe(...processes)).toEqual({
      vms: [
        {
          pid: 1,
          startTicks: 1001,
          uid: 1000,
          name: 'fw',
          id: 31,
          memory: '256M',
          serialPort: 10031,
          monitorPort: 20031,
          displayPort: undefined,
          pidFile: `${run}/fw.pid`,
          lab: 'dmz',
        },
      ],
      switches: [
        {
          pid: 2,
          startTicks: 1002,
          uid: 1000,
          socket: `${run}/switch-lan`,
          management: `${run}/switch-lan.mgmt`,
          name: 'lan',
          ports: 32,
          tap: undefined,
          lab: 'dmz',
        },
      ],
      wires: [{ pid: 3, startTicks: 1003, name: 'lan-dmz', pidFile: `${run}/wire-lan-dmz.pid`, lab: 'dmz' }],
    });
  });

  test('a wire that ssh carries is there also while it has no plug', () => {
    const keeper = ['kvmlab-wire', '/x/common-outside.sh', '--pidfile', `${run}/wire-lan-b.pid`, run, 'keep', 'lan-b'];
    const plug = ['vde_plug', '-p', `${run}/wire-lan-b.plug.pid`, '-D', 'wire-lan-b', '--', `${run}/switch-lan[31]`];
    const wires = (...args: readonly (readonly string[])[]) =>
      observe(...args.map((one, at) => processEntry(at + 1, one))).wires.map(({ pid, name, lab, halted }) => {
        return [pid, name, lab, halted];
      });

    expect(wires(keeper)).toEqual([[1, 'lan-b', 'dmz', 'reconnecting']]);
    expect(wires(keeper, [...plug, '=', 'ssh', '--', 'b'])).toEqual([[1, 'lan-b', 'dmz', undefined]]);
  });

  test('an uplink belongs to its switch; slirpvde and other QEMUs without a machine are there too', () => {
    const appliance = (...more: readonly string[]) => ['qemu-system-x86_64', '-machine', 'none', ...more];
    const user = 'user,id=nat,net=10.0.2.0/24,hostfwd=tcp:127.0.0.1:1-10.0.2.15:2';
    const { vms, switches, uplinks } = observe(
      switchProcess(1, run, 'lan'),
      switchProcess(2, run, 'inet'),
      processEntry(3, appliance('-pidfile', `${run}/switch-inet.uplink.pid`, '-netdev', user)),
      processEntry(4, ['/usr/bin/slirpvde', '-s', '', 'tmp', 'sw']),
      processEntry(5, appliance('-name', 'nat', '-netdev', 'user,id=u')),
      processEntry(6, appliance('-name', 'dump')),
    );

    expect(vms).toEqual([]);
    expect(switches.map(one => [one.name, one.uplink])).toEqual([
      ['inet', 3],
      ['lan', undefined],
    ]);
    expect(uplinks).toMatchObject([
      { pid: 3, name: 'inet', lab: 'dmz', network: '10.0.2.0/24', forwards: ['tcp:127.0.0.1:1-10.0.2.15:2'] },
      { pid: 5, name: 'nat', lab: undefined, program: 'qemu' },
      { pid: 4, name: 'slirpvde', lab: undefined, program: 'slirpvde' },
    ]);
  });

  test('outside of labs is there too', () => {
    const { vms, switches, wires } = observe(
      processEntry(1, ['/usr/bin/kvm', '-name', 'win', '-pidfile', '/run/libvirt/win.pid']),
      processEntry(2, ['qemu-system-arm', '-pidfile', 'rel.pid']),
      processEntry(3, ['vde_switch', '-s', '/srv/old/', '-t', 'tap0']),
      processEntry(4, ['vde_plug', '/srv/old', '/srv/new']),
    );

    expect(vms.map(vm => [vm.name, vm.lab])).toEqual([
      [undefined, undefined],
      ['win', undefined],
    ]);
    expect(switches).toMatchObject([{ name: 'old', lab: undefined, tap: 'tap0', management: undefined }]);
    expect(wires).toMatchObject([{ name: '/srv/old – /srv/new', lab: undefined }]);
  });

  test("of another user's lab of the same name is never taken for ours", () => {
    const { vms } = observe(vmProcess(1, '/tmp/kvmlab-1001/dmz', 'fw', 31), vmProcess(2, run, 'fw', 32));

    expect(vms.map(vm => vm.lab)).toEqual(['dmz (/tmp/kvmlab-1001)', 'dmz']);
  });

  test.each([
    ['/run/user/1001/kvmlab/x/vm.pid', 'x (/run/user/1001/kvmlab)'],
    ['/tmp/kvmlab-1/x/vm.pid', 'x (/tmp/kvmlab-1)'],
    [`${root}/x/vm.pid`, 'x'],
    [`${root}/vm.pid`, undefined],
    [`${root}/x/y/vm.pid`, undefined],
    [`${root}/x/vm.lock`, undefined],
    ['kvmlab/x/vm.pid', undefined],
    ['/var/run/vm.pid', undefined],
  ])('with the pid file %s belongs to %s', (pidFile, lab) => {
    expect(observe(processEntry(1, ['kvm', '-pidfile', pidFile])).vms[0]?.lab).toBe(lab);
  });

  test('leaves out pipes, other programs and QEMUs without a machine that are no uplinks', () => {
    const uplink = ['qemu-system-x86_64', '-machine', 'none', '-pidfile', `${run}/switch-inet.uplink.pid`];
    const others = [['vde_plug', '/srv/a'], ['vde_plug', '/a', '=', 'ssh', 'x'], ['']];
    const processes = [uplink, ...others].map((args, index) => processEntry(index + 1, args));

    expect(observe(...processes)).toEqual({ vms: [], switches: [], wires: [] });
  });

  test('is listed once while a process makes itself a daemon', () => {
    const parent = vmProcess(10, run, 'fw', 31, { startTicks: 5 });
    const daemon = vmProcess(12, run, 'fw', 31, { startTicks: 5 });
    const wrapped = switchProcess(3, run, 'lan', { startTicks: 9 });

    const { vms, switches } = observe(daemon, parent, switchProcess(90, run, 'lan', { startTicks: 8 }), wrapped);

    expect([...vms, ...switches].map(one => one.pid)).toEqual([12, 3]);
  });

  test('keeps two VMs whose relative pid files only look the same', () => {
    const twins = [1, 2].map(pid => processEntry(pid, ['kvm', '-name', 'x', '-pidfile', 'x.pid']));

    expect(observe(...twins).vms).toHaveLength(2);
  });

  test('does not depend on the order of the processes', () => {
    const processes = [
      vmProcess(5, run, 'b', 2),
      vmProcess(9, run, 'a', 1),
      processEntry(2, ['kvm']),
      processEntry(7, ['kvm', '-name', 'b']),
      vmProcess(6, run, 'b', 2, { startTicks: 1005 }),
    ];

    fc.assert(
      fc.property(fc.shuffledSubarray(processes, { minLength: processes.length }), shuffled => {
        expect(observe(...shuffled).vms.map(vm => vm.pid)).toEqual([2, 9, 6, 7]);
      }),
    );
  });
});
