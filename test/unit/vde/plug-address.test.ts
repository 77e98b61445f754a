import { expect, test } from 'vitest';
import { isSameSocket, readPlugAddress } from '../../../extension/vde/plug-address.ts';

test.each([
  ['/run/sw', '/run/sw', undefined],
  ['/run/sw[5]', '/run/sw', 5],
  ['/run/sw[0]', '/run/sw', undefined],
  ['vde:///run/sw[12]', '/run/sw', 12],
  ['sw', 'sw', undefined],
  ['/odd[x][3]', '/odd[x]', 3],
])('%s goes to a switch', (text, socket, port) => {
  expect(readPlugAddress(text)).toEqual({ socket, port });
});

test.each(['', 'vde://', 'tap://t0', 'ptp:///x', 'slirp://', 'udp://1->h:2'])('%j goes to no switch', text => {
  expect(readPlugAddress(text)).toBeUndefined();
});

test.each([
  ['/run/a/sw', '/run/a/sw/', true],
  ['/run//a/./sw', '/run/a/sw', true],
  ['/var/run/sw', '/run/sw', true],
  ['sw', '/run/a/sw', true],
  ['/run/a/sw', './a/sw', true],
  ['w', '/run/a/sw', false],
  ['', '/run/a/sw', false],
  ['/a/sw', '/run/a/sw', false],
  ['/run/a/sw', '/run/a/sw2', false],
])('%j and %j are one switch: %j', (one, other, same) => {
  expect([isSameSocket(one, other), isSameSocket(other, one)]).toEqual([same, same]);
});
