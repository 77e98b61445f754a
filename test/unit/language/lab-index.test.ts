import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readLoosely } from '../../../extension/language/loose-tree.ts';
import { LabIndex } from '../../../extension/language/names/lab-index.ts';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { bigLab, randomLab } from '../../support/lab-generator.ts';
import { samples } from '../../support/samples.ts';

const indexOf = (text: string): LabIndex => new LabIndex(text, readLoosely(text));

/** Every name as `kind role name`, with an exclamation mark where the file has other words at its place. */
const namesOf = (text: string): readonly string[] =>
  indexOf(text).occurrences.map(
    ({ kind, role, name, span }) =>
      `${kind} ${role} ${name}${text.slice(span.start, span.end) === name ? '' : ` ! ${text.slice(span.start, span.end)}`}`,
  );

describe('the names of a lab file', () => {
  test('of other hosts are found, and where things are placed on them', () => {
    const text = [
      'hosts: { left: { ssh: me@left }, right: }',
      'defaults: { host: left }',
      'templates: { far: { host: right } }',
      'switches: { lan: { host: left } }',
      'vms: { fw: { host: "left" } }',
    ].join('\n');

    expect(namesOf(text).filter(name => name.startsWith('host'))).toEqual([
      'host definition left',
      'host definition right',
      'host reference left',
      'host reference right',
      'host reference left',
      'host reference left',
    ]);
  });

  test('are found wherever they stand', () => {
    const text = [
      'switches:',
      "  lan: { network: 10.0.0.0/24, vlans: [10, 0x14], tap: { interface: t0, address: '10.0.0.9/24' } }",
      "  'in et': { slirp: { forward: tcp 2222 10.0.0.1:22 } }",
      'vms:',
      '  fw:',
      '    gateway: 10.0.0.9 # the host',
      '    nics:',
      '      - switch: lan',
      '        address: [10.0.0.1/24, "FD00:0::1/64", dhcp]',
      '        tagged: { 10: 10.0.1.1/24, 20: }',
      '      - { switch: "in et", vlan: 10, tagged: [20] }',
      'groups:',
      '  one: { vms: fw }',
      '  all: { vms: [fw, ghost] }',
      'wires:',
      '  - { between: [lan, in et], tagged: 10 }',
      'picture: { pins: { fw: { column: 0, row: 1 }, lan/tap: { column: 1, row: 1 } } }',
    ].join('\n');

    expect(namesOf(text)).toEqual([
      'switch definition lan',
      'vlan definition 10',
      'vlan definition 20 ! 0x14',
      'address definition 10.0.0.9',
      'switch definition in et',
      'address reference 10.0.0.1',
      'vm definition fw',
      'address reference 10.0.0.9',
      'switch reference lan',
      'address definition 10.0.0.1',
      'address definition fd00::1 ! FD00:0::1',
      'vlan reference 10',
      'address definition 10.0.1.1',
      'vlan reference 20',
      'switch reference in et',
      'vlan reference 10',
      'vlan reference 20',
      'group definition one',
      'vm reference fw',
      'group definition all',
      'vm reference fw',
      'vm reference ghost',
      'switch reference lan',
      'switch reference in et',
      'vlan reference 10',
      'vm reference fw',
      'switch reference lan',
    ]);
  });

  test.each(samples)('are those of the lab, in the sample $name', ({ text }) => {
    const { lab } = readLab(text);
    const index = indexOf(text);
    // A row has one entry, which the name of the row stands at.
    const rows = lab!.vms.filter(({ origin }) => (origin?.row?.number ?? 1) === 1);

    for (const [kind, things] of [
      ['vm', rows.map(vm => ({ ...vm, name: vm.origin?.row?.name ?? vm.name }))],
      ['switch', lab!.switches],
      ['group', lab!.groups],
    ] as const) {
      expect(
        index.occurrences.filter(one => one.kind === kind && one.role === 'definition').map(one => one.name),
      ).toEqual(things.map(({ name }) => name));
      for (const { name, nameSpan } of things) expect(index.all(kind, name, 'definition')[0]?.span).toEqual(nameSpan);
    }
    const plugs = rows.flatMap(vm => vm.nics.map(nic => nic.switch));
    const ends = lab!.wires.flatMap(wire => wire.ends.map(end => end.switch));
    expect(
      index.occurrences
        .filter(one => one.kind === 'switch' && one.role === 'reference')
        .map(one => one.name)
        .sort(),
    ).toEqual([...plugs, ...ends].sort());
  });

  test('are found at an offset, from their first sign to behind their last', () => {
    const text = 'vms:\n  fw: {}\n';
    const at = (offset: number): string | undefined => indexOf(text).at(offset)?.name;

    expect([6, 7, 8, 9, 10].map(at)).toEqual([undefined, 'fw', 'fw', 'fw', undefined]);
  });

  test('of templates, images and rows are found, and members of a row lead to its entry', () => {
    const text = [
      'images: { debian: { file: d.qcow2 } }',
      'templates: { small: { image: debian, nics: [{ switch: lan }] } }',
      'vms:',
      '  web: { extends: small, count: 3 }',
      '  db-1: { image: /srv/x.img }',
      'groups: { all: { vms: [web-*, web-2, db-1, ghost-7] } }',
      'picture: { pins: { web-3: { column: 0, row: 0 } } }',
    ].join('\n');

    expect(namesOf(text)).toEqual([
      'image definition debian',
      'template definition small',
      'image reference debian',
      'switch reference lan',
      'vm definition web',
      'template reference small',
      'vm definition db-1',
      'group definition all',
      'vm reference web',
      'vm reference web',
      'vm reference db-1',
      'vm reference ghost-7',
      'vm reference web',
    ]);
  });

  test.each([
    ['an alias', 'vms:\n  a: { nics: [{ switch: *x }] }\n', ['vm definition a']],
    ['an anchor', 'vms:\n  a: { nics: [{ switch: &x lan }] }\n', ['vm definition a', 'switch reference lan']],
    [
      'an anchor of an entry',
      'vms:\n  a: &x\n    nics: [{ switch: lan }]\n',
      ['vm definition a', 'switch reference lan'],
    ],
    [
      'a name like a property of objects',
      'vms:\n  constructor: { __proto__: 1 }\ntoString: {}\n',
      ['vm definition constructor'],
    ],
    ['a name there twice', 'vms:\n  a: {}\n  a: {}\n', ['vm definition a', 'vm definition a']],
    ['lists and texts in place of maps', 'vms: [a]\nswitches: b\ngroups:\n  - c\nwires: { d: e }\n', []],
  ])('with %s', (_what, text, names) => {
    expect(namesOf(text)).toEqual(names);
  });
});

describe('a half-typed file', () => {
  test.each(samples)('has the names of $name but those of the one line that is being typed', ({ text }) => {
    const lines = text.split('\n');
    const whole = namesOf(text);
    for (const [at, line] of lines.entries()) {
      // Below a half-typed key nobody can know what is meant.
      if (/:( #.*)?$/.test(line)) continue;
      const typed = line.slice(0, Math.ceil(line.length / 2));

      const left = namesOf(lines.with(at, typed).join('\n'));

      const missing = whole.filter(name => !left.includes(name) && !line.includes(name.split(' ')[2]!));
      expect([line, missing]).toEqual([line, []]);
    }
  });

  test('never throws, and every place lies in the text', () => {
    fc.assert(
      fc.property(randomLab, fc.nat(), fc.nat(40), fc.string({ maxLength: 5 }), ({ text }, from, length, put) => {
        const start = from % (text.length + 1);
        const broken = text.slice(0, start) + put + text.slice(start + length);
        let last = 0;
        for (const { span } of indexOf(broken).occurrences) {
          expect(span.start).toBeGreaterThanOrEqual(last);
          expect(span.end).toBeGreaterThan(span.start);
          expect(span.end).toBeLessThanOrEqual(broken.length);
          last = span.end;
        }
      }),
    );
  });
});

test('a lab of 1,000 VMs has them all', () => {
  const index = indexOf(bigLab(1000, 50));

  expect(index.occurrences.filter(one => one.kind === 'vm').length).toBe(1000);
  expect(index.all('switch', 's7', 'reference').length).toBeGreaterThan(40);
});
