import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readQemuNics, readQemuPlugs } from '../../../extension/qemu/nics.ts';
import { vmArguments } from '../../../extension/script/vm-steps.ts';
import { nic, vm } from '../../support/lab-builder.ts';

const nics = (...args: readonly string[]) => readQemuNics(['qemu-system-x86_64', ...args]);
const around = { run: '/run/a,b', labFolder: '/l', home: '/h', accel: 'tcg', guestFolder: '/g' } as const;

describe('the NICs on a command line', () => {
  test('of a script of ours have their hub, their MAC and their port', () => {
    const one = vm('fw', 31, {
      nics: [nic(1, 'lan', { port: 4 }), nic(2, 'lan', { port: 2 }), nic(3, 'dmz', { port: 7 })],
    });

    expect(readQemuNics(vmArguments(one, 31, around))).toEqual([
      { number: 1, mac: '52:54:00:00:1f:01', plug: { address: '/run/a,b/switch-lan', port: 4 } },
      { number: 2, mac: '52:54:00:00:1f:02', plug: { address: '/run/a,b/switch-lan', port: 2 } },
      { number: 3, mac: '52:54:00:00:1f:03', plug: { address: '/run/a,b/switch-dmz', port: 7 } },
    ]);
  });

  test.each([
    [['-netdev', 'vde,id=a,sock=/s,port=3', '-device', 'e1000,netdev=a,mac=52:54:00:AA:00:01'], '52:54:00:aa:00:01', 3],
    [['-device', 'e1000,netdev=a', '-netdev', 'vde,sock=/s,id=a'], undefined, undefined],
    [['-nic', 'vde,sock=/s,port=3,model=e1000,mac=52:54:00:aa:00:01'], '52:54:00:aa:00:01', 3],
    [['-net', 'nic,macaddr=52:54:00:aa:00:01', '-net', 'vde,sock=/s'], '52:54:00:aa:00:01', undefined],
    [
      ['-netdev', '{"type":"vde","id":"a","sock":"/s","port":3}', '-device', '{"driver":"e1000","netdev":"a"}'],
      undefined,
      3,
    ],
  ])('%j are understood', (args, mac, port) => {
    expect(nics(...args)).toEqual([{ number: 1, mac, plug: { address: '/s', port } }]);
  });

  test('that have another network keep their number', () => {
    const user = ['-netdev', 'user,id=u', '-device', 'e1000,netdev=u', '-nic', 'none'];

    expect(nics(...user, '-nic', 'vde,sock=/s')).toMatchObject([
      { number: 1, plug: undefined },
      { number: 2, plug: { address: '/s' } },
    ]);
  });

  test('without a network of their own are left out', () => {
    expect(nics('-device', 'virtio-rng-pci', '-netdev', 'vde,id=a,sock=/s', '-device')).toEqual([]);
  });
});

test('a QEMU without a machine is plugged in where its netdev says', () => {
  const args = ['-machine', 'none', '-netdev', 'user,id=nat', '-netdev', 'vde,id=vde,sock=/run/sw,port=31'];

  expect(readQemuPlugs(['qemu-system-x86_64', ...args])).toEqual([{ address: '/run/sw', port: 31 }]);
});

test('no command line makes the reader throw', () => {
  const word = fc.oneof(
    fc.constantFrom(
      '-netdev',
      '-device',
      '-nic',
      '-net',
      'vde,id=a',
      'e1000,netdev=a',
      'hubport,hubid=1,id=a',
      '{"a":',
      '{',
    ),
    fc.string(),
  );

  fc.assert(fc.property(fc.array(word), args => Array.isArray(readQemuNics(args))));
});
