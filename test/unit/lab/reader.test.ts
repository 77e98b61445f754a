import { describe, expect, test } from 'vitest';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { codesOf } from '../../support/lab-marked.ts';

const read = (text: string) => readLab(text).lab!;
const firstVm = (keys: string) => read(`switches: { lan: {} }\nvms: { a: { id: 31, ${keys} } }`).vms[0]!;

describe('defaults', () => {
  test('a VM that says nothing gets what is built in', () => {
    const vm = firstVm('nics: [{ switch: lan }]');

    expect(vm).toMatchObject({
      memory: '256M',
      cpus: 1,
      accel: 'auto',
      vnc: false,
      forward: false,
      boot: [],
      extra: [],
    });
    expect(vm.nics[0]).toMatchObject({ model: 'virtio', mac: '52:54:00:00:1f:01', addresses: [], tagged: [] });
  });

  test('the file of defaults is stronger than what is built in, the lab stronger still, the VM strongest', () => {
    const text =
      'defaults: { cpus: 3, model: e1000 }\nvms: { a: { id: 1, cpus: 4 }, b: { id: 2, nics: [{ switch: x }] } }';

    const { lab } = readLab(text, {
      defaults: [{ values: { memory: '1G', cpus: 2, accel: 'tcg', macPrefix: '02:00:00' }, sources: {} }],
    });

    expect(lab?.vms.map(({ memory, cpus, accel }) => ({ memory, cpus, accel }))).toEqual([
      { memory: '1G', cpus: 4, accel: 'tcg' },
      { memory: '1G', cpus: 3, accel: 'tcg' },
    ]);
    expect(lab?.vms[1]?.nics[0]).toMatchObject({ model: 'e1000', mac: '02:00:00:00:02:01' });
  });

  test('a bad default leaves the weaker one', () => {
    const { lab } = readLab('defaults: { memory: lots }\nvms: { a: { id: 1 } }', {
      defaults: [{ values: { memory: '1G' }, sources: {} }],
    });

    expect(lab?.vms[0]?.memory).toBe('1G');
  });

  test.each([
    ['x/dmz.lab.yaml', 'dmz'],
    ['C:\\labs\\dmz.lab.yml', 'dmz'],
    ['dmz.yaml', 'dmz'],
    ['My Lab.lab.yaml', 'My-Lab'],
    ['.lab.yaml', 'lab'],
    [undefined, 'lab'],
  ])('the lab of the file %s is called %s', (fileName, name) => {
    expect(readLab('vms: {}', { fileName }).lab?.name).toBe(name);
  });

  test('a name in the file is stronger than the file’s name', () => {
    expect(readLab('name: 007', { fileName: 'x.lab.yaml' }).lab?.name).toBe('007');
  });
});

describe('values', () => {
  test.each([
    ['512', '512M'],
    ['512m', '512M'],
    ['2G', '2G'],
    ['"2GB"', '2G'],
  ])('memory %s is %s', (given, memory) => {
    expect(firstVm(`memory: ${given}`).memory).toBe(memory);
  });

  test('a disk’s format follows from its name unless it is given', () => {
    const { disks } = firstVm(
      'disks: [a.qcow2, b.img, /dev/sdb, { file: c, size: 4g }, { file: d.img, format: qcow2 }]',
    );

    expect(disks).toEqual([
      { file: 'a.qcow2', format: 'qcow2', size: undefined },
      { file: 'b.img', format: 'raw', size: undefined },
      { file: '/dev/sdb', format: 'raw', size: undefined },
      { file: 'c', format: 'qcow2', size: '4G' },
      { file: 'd.img', format: 'qcow2', size: undefined },
    ]);
  });

  test('one value may stand for a list of one', () => {
    const vm = firstVm('disks: x.img, boot: network, extra: -S, nics: [{ switch: lan, address: dhcp, tagged: 10 }]');

    expect([vm.disks.length, vm.boot, vm.extra]).toEqual([1, ['network'], ['-S']]);
    expect(vm.nics[0]).toMatchObject({ addresses: ['dhcp'], tagged: [{ vlan: 10, addresses: [] }] });
  });

  test('tagged VLANs may have addresses', () => {
    const vm = firstVm("nics: [{ switch: lan, tagged: { 20: [10.0.20.1/24, 'fd00::1/64'], 10: dhcp, 30: } }]");

    expect(vm.nics[0]?.tagged).toEqual(
      [
        { vlan: 10, addresses: ['dhcp'] },
        { vlan: 20, addresses: ['10.0.20.1/24', 'fd00::1/64'] },
        { vlan: 30, addresses: [] },
      ].sort((a, b) => [20, 10, 30].indexOf(a.vlan) - [20, 10, 30].indexOf(b.vlan)),
    );
  });

  test('a forward listens on the host’s own loopback unless it names an address', () => {
    const lab = read(
      "switches: { i: { slirp: { forward: ['tcp 2222 10.0.2.15:22', 'udp 0.0.0.0:53 10.0.2.15:5353'] } } }",
    );

    expect(lab.switches[0]).toMatchObject({ network: '10.0.2.0/24' });
    expect(lab.switches[0]?.slirp).toEqual({
      port: 1,
      forward: [
        { protocol: 'tcp', hostAddress: '127.0.0.1', hostPort: 2222, guestAddress: '10.0.2.15', guestPort: 22 },
        { protocol: 'udp', hostAddress: '0.0.0.0', hostPort: 53, guestAddress: '10.0.2.15', guestPort: 5353 },
      ],
    });
  });

  test('stp and slirp may be true, false or settings', () => {
    const lab = read(
      'switches: { a: { stp: true }, b: { stp: { priority: 4096 }, slirp: false }, c: { stp: false, slirp: {} } }',
    );

    expect(lab.switches.map(one => one.stp)).toEqual([{ priority: undefined }, { priority: 4096 }, undefined]);
    expect(lab.switches.map(one => one.slirp?.forward)).toEqual([undefined, undefined, []]);
  });

  test('a switch has the VLANs that it declares and those that are used on it, ascending', () => {
    const lab = read(
      'switches: { lan: { vlans: [30, 10] }, dmz: {} }\nvms: { a: { id: 1, nics: [{ switch: lan, vlan: 20, tagged: [10, 5] }] } }\n' +
        'wires: [{ between: [lan, dmz], tagged: [40] }]',
    );

    expect(lab.switches.map(one => one.vlans)).toEqual([[5, 10, 20, 30, 40], [40]]);
  });

  test('a network with host bits is taken as the network that was meant', () => {
    expect(read('switches: { lan: { network: 10.0.0.7/24 } }').switches[0]?.network).toBe('10.0.0.0/24');
  });

  test('VMs, switches, wires and groups keep the order of the file', () => {
    const lab = read('vms: { b: , 10: , a: }\nswitches: { z: , y: }\ngroups: { q: , p: }');

    expect([lab.vms, lab.switches, lab.groups].map(things => things.map(({ name }) => name))).toEqual([
      ['b', '10', 'a'],
      ['z', 'y'],
      ['q', 'p'],
    ]);
  });
});

describe('what is half typed or wrong', () => {
  test('a bad value costs its key only', () => {
    const vm = firstVm('memory: lots, cpus: 2, vnc: maybe, boot: [disk, floppy], cdrom: x.iso');

    expect(vm).toMatchObject({ memory: '256M', cpus: 2, vnc: false, boot: ['disk'], cdrom: 'x.iso' });
  });

  test('a VM without keys is there', () => {
    expect(read('vms:\n  fw:\n  web').vms.map(({ name, id }) => [name, id])).toEqual([
      ['fw', undefined],
      ['web', undefined],
    ]);
  });

  test('an empty NIC counts, so that the next one keeps its number', () => {
    const vm = firstVm('nics: [ , { switch: lan }]');
    const block = read('switches: { lan: }\nvms:\n  a:\n    id: 1\n    nics:\n      -\n      - switch: lan\n').vms[0];

    expect(vm.nics.length).toBeGreaterThan(0);
    expect(block?.nics.map(({ number, switch: name, mac }) => [number, name, mac])).toEqual([
      [1, '', '52:54:00:00:01:01'],
      [2, 'lan', '52:54:00:00:01:02'],
    ]);
  });

  test('an unclosed bracket is a problem of YAML, and what was read before it stays', () => {
    const { lab, problems } = readLab('switches: { lan: {} }\nvms:\n  fw: { id: 1, nics: [{ switch: lan');

    expect(lab?.switches[0]?.name).toBe('lan');
    expect(codesOf(problems)).toContain('yaml-syntax');
  });

  test('a second document is a problem', () => {
    expect(codesOf(readLab('vms: {}\n---\nvms: {}').problems)).toEqual(['yaml-syntax']);
  });

  test('a misspelt name comes with the one that was meant', () => {
    const { problems } = readLab(
      'switches: { office: {} }\nvms: { a: { id: 1, memry: 1G, nics: [{ switch: offfice }] } }',
    );

    expect(problems.map(({ message }) => /"(\w+)"\?/.exec(message)?.[1])).toEqual(['memory', 'office']);
  });

  test('an unknown key without a near one comes with those that are known', () => {
    expect(readLab('groups: { g: { vms: [], zzzzzz: 1 } }').problems[0]?.message).toContain('vms, colour');
  });

  test('a missing ID comes with one that is free', () => {
    expect(readLab('vms: { a: { id: 1 }, b: { id: 2 }, c: }').problems[0]?.message).toContain('with 3,');
  });

  test('what may be meant is a warning', () => {
    const { problems } = readLab('vms: { c: { id: 1, memory: } }');

    expect(problems.map(({ code, severity }) => [code, severity])).toEqual([['missing-key', 'warning']]);
  });
});

describe('anchors and aliases', () => {
  test('an alias stands for what its anchor marks', () => {
    const lab = read(
      'switches: { lan: }\nvms:\n  a: { id: 1, nics: &n [{ switch: lan }] }\n  b: { id: 2, nics: *n }\n',
    );

    expect(lab.vms.map(vm => vm.nics[0]?.mac)).toEqual(['52:54:00:00:01:01', '52:54:00:00:02:01']);
  });

  test('an unknown alias is a problem of YAML', () => {
    expect(codesOf(readLab('vms: { a: { id: 1, nics: *n } }').problems)).toContain('yaml-syntax');
  });

  test('an alias inside of its own anchor does no harm', () => {
    expect(readLab('vms: &v { a: { id: 1, nics: [*v] } }').lab?.vms).toHaveLength(1);
  });

  test('a few lines cannot stand for billions of values', () => {
    const lines = Array.from(
      { length: 30 },
      (_, at) => `  v${at + 1}: &a${at + 1} { id: 1, nics: [${`*a${at}, `.repeat(20)}] }`,
    );

    const started = performance.now();
    const { problems } = readLab(`vms:\n  v0: &a0 { id: 1, nics: [{ switch: x }] }\n${lines.join('\n')}\n`);

    expect(problems.some(({ message }) => message.includes('Write the values out'))).toBe(true);
    expect(performance.now() - started).toBeLessThan(60_000);
  });
});

describe('places', () => {
  test('a VM’s place begins with its name and ends with its last value', () => {
    const text = 'vms:\n  fw:\n    id: 1\n    description: x # why\n\n  # next\n  web:\n    id: 2\n';
    const { vms } = read(text);

    expect(vms.map(({ span }) => text.slice(span.start, span.end))).toEqual([
      'fw:\n    id: 1\n    description: x',
      'web:\n    id: 2',
    ]);
    expect(vms.map(({ nameSpan }) => text.slice(nameSpan.start, nameSpan.end))).toEqual(['fw', 'web']);
  });

  test('the places of values are exact in a file with a byte order mark and lines of Windows', () => {
    const text =
      '\uFEFFvms:\r\n  fw:\r\n    id: 31\r\n    nics:\r\n      - switch: lan # x\r\n        address: [dhcp, fd00::1/64]\r\n';
    const vm = read(text).vms[0]!;
    const at = (span?: { start: number; end: number }) => span && text.slice(span.start, span.end);

    expect(at(vm.spans?.['id'])).toBe('31');
    expect(at(vm.nics[0]?.spans?.['switch'])).toBe('lan');
    expect(at(vm.nics[0]?.spans?.['address.1'])).toBe('fd00::1/64');
  });

  test('problems come in the order of the file', () => {
    const { problems } = readLab('vms: { a: { id: 0 }, b: { nics: [{ switch: x }] } }\nname: a/b\n');
    const starts = problems.map(({ span }) => span.start);

    expect(starts).toEqual([...starts].sort((a, b) => a - b));
    expect(starts.length).toBeGreaterThan(2);
  });
});
