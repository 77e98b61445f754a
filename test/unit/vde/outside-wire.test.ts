import { expect, test } from 'vitest';
import { readOutsideEnd } from '../../../extension/lab/outside.ts';
import {
  isOutsideAddress,
  outsideAddress,
  outsideUrl,
  readOutsideProcess,
  readSshPlug,
  readWireKeeper,
} from '../../../extension/vde/outside-wire.ts';

const plug = ['vde_plug', '-p', '/r/wire-a-b.plug.pid', '-D', 'wire-a-b', '--', '/r/switch-a[31]'];

test('a plug that ssh carries on', () => {
  expect(readSshPlug([...plug, '=', 'ssh', '-p', '22', '-o', 'x=y', '--', 'me@b', 'exec sh'])).toEqual({
    ...{ name: 'a-b', end: '/r/switch-a[31]', host: 'me@b' },
  });
  expect(readSshPlug(plug)).toBeUndefined();
  expect(readSshPlug([...plug, '/r/switch-b'])).toBeUndefined();
  expect(readSshPlug([...plug, '=', 'wirefilter', '--', 'x'])).toBeUndefined();
  expect(readSshPlug(['vde_plug', '/a', '=', 'ssh', '--', 'x'])).toBeUndefined();
});

test('the process that keeps it', () => {
  expect(readWireKeeper(['kvmlab-wire', '/x/common-outside.sh', '--pidfile', '/r/wire-a.pid', '/r', 'keep'])).toEqual({
    ...{ pidFile: '/r/wire-a.pid', plugPidFile: '/r/wire-a.plug.pid' },
  });
  expect(readWireKeeper(['bash', '/x/common-outside.sh', '--pidfile', '/r/wire-a.pid'])).toBeUndefined();
});

test('an end that is no switch of this host', () => {
  expect(['udp://1', 'ssh me@b', '/run/sw', 'rel'].map(text => isOutsideAddress(outsideAddress(text)))).toEqual([
    ...[true, true, false, false],
  ]);
});

test('where a wire leads, as its process and its lab say', () => {
  const keeper = [
    'kvmlab-wire',
    '/x/common-outside.sh',
    '--pidfile',
    '/r/dmz/wire-a.pid',
    '/r/dmz',
    'keep',
    'a',
    'lan',
    '3',
  ];
  const told = (args: readonly string[]) => readOutsideProcess(args)?.to;
  const said = (url: string) => {
    const end = readOutsideEnd(url);
    return typeof end === 'string' ? undefined : outsideUrl(end);
  };

  expect(readOutsideProcess([...keeper, 'ssh', 'me@b', '2200', '/run/sw', '-v'])).toEqual({
    ...{ plug: '/r/dmz/switch-lan[3]', to: said('ssh://me@b:2200//run/sw') },
  });
  expect(told([...keeper, 'ssh', 'b', '', 'dmz/lan'])).toBe(said('ssh://b/dmz/lan'));
  expect(told([...plug, 'udp://127.0.0.1:1->b:2'])).toBe(said('udp://127.0.0.1:1->b:2'));
  expect(told([...plug, '/r/switch-b'])).toBeUndefined();
});
