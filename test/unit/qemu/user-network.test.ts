import { expect, test } from 'vitest';
import { readUserNetwork } from '../../../extension/qemu/user-network.ts';

test('the first user network, its forwards and what it boots', () => {
  const args = ['qemu-system-x86_64', '-machine', 'none', '-netdev', 'vde,id=v,sock=/s', '-netdev'];
  const user =
    'user,id=n,net=10.9.0.0/24,tftp=/a,,b,bootfile=x,,y,hostfwd=tcp:127.0.0.1:1-10.9.0.15:2,hostfwd=udp::3-:4';

  expect(readUserNetwork([...args, user])).toEqual({
    network: '10.9.0.0/24',
    forwards: ['tcp:127.0.0.1:1-10.9.0.15:2', 'udp::3-:4'],
    bootFile: 'x,y',
  });
  expect(readUserNetwork([...args, 'user,id=n'])).toEqual({ network: undefined, forwards: [], bootFile: undefined });
});

test('a QEMU without one', () => {
  expect(readUserNetwork(['qemu-system-x86_64', '-netdev', 'vde,id=user'])).toBeUndefined();
});
