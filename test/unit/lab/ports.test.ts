import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { randomLab } from '../../support/lab-generator.ts';

function portsOf(text: string) {
  const lab = readLab(text).lab!;
  return {
    nics: lab.vms.flatMap(vm => vm.nics.map(nic => nic.port)),
    slirp: lab.switches.map(one => one.slirp?.port),
    wires: lab.wires.map(wire => wire.ends.map(end => end.port)),
  };
}

const vm = (...nics: readonly string[]): string =>
  `vms: { a: { id: 1, nics: [${nics.map(keys => `{ ${keys} }`).join(', ')}] } }\n`;

describe('ports', () => {
  test('NICs get the lowest free ports in file order, whatever the fixed ones leave', () => {
    const text = `switches: { lan: {} }\n${vm('switch: lan', 'switch: lan, port: 2', 'switch: lan', 'switch: lan, port: 1')}`;

    expect(portsOf(text).nics).toEqual([3, 2, 4, 1]);
  });

  test('the tap has port 1 and the uplink the next free one', () => {
    const text = `switches: { lan: { tap: { interface: t0 }, slirp: true } }\n${vm('switch: lan', 'switch: lan, port: 2')}`;

    expect(portsOf(text)).toMatchObject({ slirp: [3], nics: [4, 2] });
  });

  test('wires get the highest free ports', () => {
    const text = `switches: { a: { ports: 8 }, b: {} }\n${vm('switch: a, port: 7')}wires: [{ between: [a, b] }, { between: [b, a] }]`;

    expect(portsOf(text).wires).toEqual([
      [8, 31],
      [30, 6],
    ]);
  });

  test('a new NIC does not move a wire', () => {
    const lab = (nics: readonly string[]): string =>
      `switches: { a: {}, b: {} }\n${vm(...nics)}wires: [{ between: [a, b] }]`;

    expect(portsOf(lab(['switch: a', 'switch: a'])).wires).toEqual(portsOf(lab(['switch: a'])).wires);
  });

  test('a NIC whose fixed port clashes gets a free one, so that the picture stays whole', () => {
    expect(portsOf(`switches: { a: {} }\n${vm('switch: a, port: 1', 'switch: a, port: 1')}`).nics).toEqual([1, 2]);
  });

  test('a NIC on an unknown or full switch has none', () => {
    expect(portsOf(`switches: { a: { ports: 1 } }\n${vm('switch: a', 'switch: a', 'switch: x')}`).nics).toEqual([
      1,
      undefined,
      undefined,
    ]);
  });

  test('no two things of a lab share a port', () => {
    fc.assert(
      fc.property(randomLab, ({ text }) => {
        const lab = readLab(text).lab!;
        const taken = [
          ...lab.vms.flatMap(({ nics }) => nics.map(nic => `${nic.switch} ${nic.port}`)),
          ...lab.wires.flatMap(wire => wire.ends.map(end => `${end.switch} ${end.port}`)),
        ];

        expect(new Set(taken).size).toBe(taken.length);
      }),
    );
  });
});

describe('names of wires', () => {
  const names = (...wires: readonly string[]): readonly string[] =>
    readLab(
      `switches: { a: , b: , b-2: , a-b: , c: , b-c: }\nwires: [${wires.map(ends => `{ between: [${ends}] }`).join(', ')}]`,
    ).lab!.wires.map(wire => wire.name);

  test('a wire is named after its ends, a second one is counted', () => {
    expect(names('a, b', 'a, b', 'b, a', 'a, b')).toEqual(['a-b', 'a-b-2', 'b-a', 'a-b-3']);
  });

  test('wires between different switches never share a name', () => {
    expect(names('a, b', 'a, b', 'a, b-2', 'a-b, c', 'a, b-c')).toEqual([
      'a-b',
      'a-b-2',
      'a-b-2-2',
      'a-b-c',
      'a-b-c-2',
    ]);
  });
});
