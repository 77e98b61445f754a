import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  readPlugProcess,
  readSwitchProcess,
  readWireProcess,
  type SwitchFacts,
} from '../../../extension/vde/process.ts';

const facts = (...args: readonly string[]): SwitchFacts => readSwitchProcess(['vde_switch', ...args])!;

describe('a vde_switch command line', () => {
  test('of a lab tells everything', () => {
    const run = '/run/user/1000/kvmlab/dmz/switch-lan';
    const words = ['-s', run, '-M', `${run}.mgmt`, '-p', `${run}.pid`, '-n', '33', '-f', `${run}.rc`, '-d', '-F'];

    expect(facts(...words, '--priority', '4096', '-t', 'tap0', '-m', '0660', '-g', 'kvm')).toEqual({
      socket: run,
      management: `${run}.mgmt`,
      pidFile: `${run}.pid`,
      ports: 32,
      tap: 'tap0',
      isHub: false,
      hasStp: true,
    });
  });

  test.each([
    [['-s', '/x']],
    [['-s/x']],
    [['--sock', '/x']],
    [['--sock=/x']],
    [['-sock', '/x']],
    [['-sock=/x']],
    [['--vdesock=/x']],
    [['--unix', '/x']],
    [['--so', '/x']],
    [['-ds', '/x']],
    [['-dFs/x']],
    [['operand', '-s', '/x']],
    [['-s', '/old', '--nosuch', '-s', '/x']],
  ])('%j has its sockets in /x', words => {
    expect(facts(...words).socket).toBe('/x');
  });

  test.each([
    [['-daemon', '-hub'], { isHub: true, hasStp: false }],
    [['-x', '--fstp'], { isHub: true, hasStp: true }],
    [['--mgmtmode', '0600'], { management: undefined }],
    [['--mgmt=/m', '--mgmtgroup', '-x'], { management: '/m', isHub: false }],
    [['--tap', 'tap0,tap1'], { tap: 'tap0' }],
    [['--', '-x'], { isHub: false }],
  ])('%j says %j', (words, expected) => {
    expect(facts(...words)).toMatchObject(expected);
  });

  test.each([
    [[], 31],
    [['-n', '5'], 4],
    [['-n1'], 0],
    [['--numports=1001'], 1000],
    [['-n', 'abc'], 31],
    [['-n', '8x'], 7],
    [['-n'], 31],
  ])('%j has %i usable ports', (words, ports) => {
    expect(facts(...words).ports).toBe(ports);
  });

  test('without a socket means the default of whoever started it', () => {
    expect([readSwitchProcess(['vde_switch'])?.socket, readSwitchProcess(['vde_switch'], true)?.socket]).toEqual([
      '/tmp/vde.ctl',
      '/run/vde.ctl',
    ]);
  });

  test('is only that of the program vde_switch', () => {
    const programs = ['/usr/bin/vde_switch', 'vde_plug', 'vim vde_switch', ''];

    expect(programs.map(program => readSwitchProcess([program]) !== undefined)).toEqual([true, false, false, false]);
  });
});

describe('a vde_plug command line', () => {
  test('of a wire tells its pid file and both ends', () => {
    const words = ['vde_plug', '-d', '-p', '/r/wire-a-b.pid', '-D', 'wire-a-b', '/r/switch-a[31]', '/r/switch-b[31]'];

    expect(readPlugProcess(words)).toEqual({
      pidFile: '/r/wire-a-b.pid',
      description: 'wire-a-b',
      ends: ['/r/switch-a[31]', '/r/switch-b[31]'],
    });
  });

  test('ends where the command of a pipe begins', () => {
    const words = ['/usr/bin/vde_plug', '--pidfile=/p', '/r/a', '=', 'ssh', '-p', '22', 'host', 'vde_plug'];

    expect(readPlugProcess(words)).toEqual({ pidFile: '/p', description: undefined, ends: ['/r/a'] });
  });

  test('is only that of the program vde_plug', () => {
    expect(readPlugProcess(['vde_plug2tap', '/r/a'])).toBeUndefined();
  });
});

test('no command line makes the readers throw', () => {
  const odd = ['-', '--', '---', '-=', '--=', '-s', '--sock', '-sock=', '-n', '-nx', '=', '-dp', '-é', '--m'];
  const word = fc.oneof(fc.constantFrom(...odd), fc.string(), fc.string({ unit: 'binary' }));

  fc.assert(
    fc.property(fc.array(word), args => {
      expect(readSwitchProcess(['vde_switch', ...args])).toBeDefined();
      expect(readPlugProcess(['vde_plug', ...args])).toBeDefined();
    }),
  );
});

describe('a wirefilter command line', () => {
  test('of ours names both ends by its blinks', () => {
    const base = '/run/kvmlab/dmz/wire-lan-dmz';
    const names = ['--blink', `${base}.blink`, '--blinkid', 'switch-lan[3]=switch-dmz[4]'];
    const words = ['wirefilter', '-M', `${base}.mgmt`, '-f', `${base}.rc`, '--pidfile', `${base}.pid`, ...names];

    expect(readWireProcess(words)).toEqual({
      pidFile: `${base}.pid`,
      management: `${base}.mgmt`,
      description: undefined,
      ends: ['/run/kvmlab/dmz/switch-lan[3]', '/run/kvmlab/dmz/switch-dmz[4]'],
    });
  });

  test('of somebody else has its plugs, or none', () => {
    const ends = (...words: readonly string[]) => readWireProcess(['wirefilter', ...words])?.ends;

    expect(ends('-v', '/a:ptp:///x', '-d', '100')).toEqual(['/a', 'ptp:///x']);
    expect(ends('--blinkid', 'a=b')).toEqual([]);
    expect(readWireProcess(['vde_plug', '/a', '/b'])?.ends).toEqual(['/a', '/b']);
    expect(readWireProcess(['vde_switch'])).toBeUndefined();
  });
});
