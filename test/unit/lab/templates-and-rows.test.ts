import { describe, expect, test } from 'vitest';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { readMarked } from '../../support/lab-marked.ts';

const read = (text: string) => readLab(text).lab!;

describe('a template', () => {
  const text = `templates:
  small: { memory: 96M, guest: tiny, nics: [{ switch: lan, address: 10.0.0.7/24 }] }
switches: { lan: {} }
vms:
  fw: { id: 1, extends: small, memory: 1G }
  web: { extends: small, id: 2, nics: [] }
`;

  test('gives what a VM does not say itself, and lists are replaced whole', () => {
    const [fw, web] = read(text).vms;

    expect(fw).toMatchObject({ name: 'fw', memory: '1G', isTinyGuest: true, nics: [{ addresses: ['10.0.0.7/24'] }] });
    expect(web).toMatchObject({ name: 'web', memory: '96M', isTinyGuest: true, nics: [] });
  });

  test('is told with the VM, and its values are where the template has them', () => {
    const [fw] = read(text).vms;

    expect(fw?.origin).toEqual({
      template: {
        name: 'small',
        nameSpan: { start: text.indexOf('small'), end: text.indexOf(': {') },
        keys: ['guest', 'nics'],
      },
    });
    const { start, end } = fw?.spans?.['guest'] ?? expect.fail('no place');
    expect(text.slice(start, end)).toBe('tiny');
    expect(fw?.span.start).toBe(text.indexOf('fw:'));
  });

  test('stands between the defaults and the VM, and counts where the VM gives a key no value', () => {
    const lab = read(
      'defaults: { memory: 1G, cpus: 4 }\ntemplates: { t: { memory: 64M } }\nvms: { a: { id: 1, extends: t, memory: } }',
    );

    expect(lab.vms[0]).toMatchObject({ memory: '64M', cpus: 4 });
  });

  test.each([
    [`templates: { t: { cpus: «lots» } }\nvms: {}`, ['bad-value']],
    [`templates: { t: { «id»: 3, «count»: 2, «extends»: t, «colour»: red } }`, Array(4).fill('unknown-key')],
    [
      `templates: { t: { nics: [«{ vlan: 10 }»] } }\nvms: {a: {id: 1, extends: t}, b: {id: 2, extends: t}}`,
      ['missing-key'],
    ],
    [`templates: { small: {} }\nvms: { a: { id: 1, extends: «smal» } }`, ['unknown-template']],
    [`vms: { a: { id: 1, extends: «[x]» } }`, ['bad-value']],
    [`templates: { t: { disks: x } }\nvms: { a: { id: 1, extends: t, boot: [«cdrom»] } }`, ['missing-key']],
    [`templates: { t: «small» }\nvms: {}`, ['bad-value']],
  ] as const)('%s', (marked, codes) => {
    const { expected, found } = readMarked(marked, codes);

    expect(found).toEqual(expected);
  });

  test('says once what is wrong with it, however many VMs extend it', () => {
    const vms = Array.from({ length: 50 }, (_, at) => `  v${at}: { id: ${at + 1}, extends: t }`);
    const { problems } = readLab(`templates: { t: { nics: [{ switch: nowhere }] } }\nvms:\n${vms.join('\n')}`);

    expect(problems.map(({ code }) => code)).toEqual(['unknown-switch']);
  });

  test('counts from the first one on', () => {
    const { problems } = readLab(`templates: { t: { extends: t } }\nvms: { a: { id: 1, extends: t } }`);

    expect(problems.map(({ message }) => message)).toEqual([
      'A template cannot extend another one. Write out here what it is to have of it.',
    ]);
  });
});

describe('a row', () => {
  const text = `switches: { lan: { network: 10.0.0.0/24 }, v6: {} }
vms:
  web:
    id: 0x1f
    count: 3
    nics:
      - { switch: lan, address: 10.0.0.10/24 }
      - { switch: v6, address: [dhcp, 'fd00::fffe/64'], tagged: { 10: 10.1.0.1/24, 20: } }
groups: { front: { vms: ['web-*'] } }
`;

  test('counts names, IDs, MACs and addresses up', () => {
    const { vms } = read(text);

    expect(vms.map(({ name, id }) => [name, id])).toEqual([
      ['web-1', 31],
      ['web-2', 32],
      ['web-3', 33],
    ]);
    expect(vms[2]?.nics).toMatchObject([
      { mac: '52:54:00:00:21:01', addresses: ['10.0.0.12/24'] },
      {
        addresses: ['dhcp', 'fd00::1:0/64'],
        tagged: [
          { vlan: 10, addresses: ['10.1.0.3/24'] },
          { vlan: 20, addresses: [] },
        ],
      },
    ]);
    expect(readLab(text).problems).toEqual([]);
  });

  test('tells with each VM which one it is', () => {
    expect(read(text).vms.map(({ origin }) => origin)).toEqual(
      [1, 2, 3].map(number => ({ row: { name: 'web', number, count: 3 } })),
    );
  });

  test('may be put into a group as a whole or one by one', () => {
    const group = (vms: string) =>
      readLab(`vms: { web: { id: 1, count: 2 }, fw: { id: 9 } }\ngroups: { g: { vms: ${vms} } }`);

    expect(read(text).groups[0]?.vms).toEqual(['web-1', 'web-2', 'web-3']);
    expect(group('[fw, web-*]').lab?.groups[0]?.vms).toEqual(['fw', 'web-1', 'web-2']);
    expect(group('web-2').problems).toEqual([]);
    expect(group('[web]').problems.map(({ code }) => code)).toEqual(['unknown-vm']);
    expect(group('[web-*, web-2]').problems.map(({ code }) => code)).toEqual(['group-double']);
  });

  test('may extend a template and count its addresses up', () => {
    const lab = read(
      'templates: { t: { nics: [{ switch: s, address: 10.0.0.1/8 }] } }\nswitches: { s: {} }\nvms: { a: { id: 1, extends: t, count: 2 } }',
    );

    expect(lab.vms.flatMap(({ nics }) => nics[0]?.addresses)).toEqual(['10.0.0.1/8', '10.0.0.2/8']);
    expect(lab.vms[1]?.origin).toMatchObject({ template: { name: 't' }, row: { name: 'a', number: 2 } });
  });

  test.each([
    [`vms: { web: { id: «9998», count: 3 } }`, ['id-range']],
    [`vms: { «web»: { count: 3 } }`, ['id-missing']],
    [`vms: { fw: { id: 3 }, web: { id: «1», count: 5 } }`, ['id-double']],
    [`vms: { web: { id: 1, count: 2 }, «web-2»: { id: 9 } }`, ['bad-name']],
    [`vms: { web: { id: 1, count: «0» } }`, ['bad-value']],
    [`vms: { web: { id: 1, count: «1e9» } }`, ['bad-value']],
    [`vms: { web: { id: 1, count: «-3» } }`, ['bad-value']],
    [
      `switches: {s: {}}\nvms: { web: { id: 1, count: 9, nics: [{ switch: s, address: «10.0.0.250/24» }] } }`,
      ['address-outside'],
    ],
    [
      `switches: {s: {}}\nvms: { web: { id: 1, count: 2, nics: [{ switch: s, address: [dhcp, «10.0.0.1/32»] }] } }`,
      ['address-outside'],
    ],
    [
      `switches: {s: {}}\nvms: { fw: {id: 9, nics: [{switch: s, address: 10.0.0.3/24}]}, web: { id: 1, count: 5, nics: [{ switch: s, address: «10.0.0.1/24» }] } }`,
      ['address-double'],
    ],
  ] as const)('%s', (marked, codes) => {
    const { expected, found } = readMarked(marked, codes);

    expect(found).toEqual(expected);
  });

  test('is made as far as IDs and addresses reach', () => {
    const ids = read('vms: { web: { id: 9998, count: 30 } }');
    const addresses = read(
      'switches: {s: {}}\nvms: { web: { id: 1, count: 3, nics: [{ switch: s, address: 10.0.0.253/24 }] } }',
    );

    expect(ids.vms.map(({ id }) => id)).toEqual([9998, 9999]);
    expect(addresses.vms.map(({ nics }) => nics[0]?.addresses)).toEqual([['10.0.0.253/24'], ['10.0.0.254/24'], []]);
  });

  test('cannot make a small file stand for millions of values', () => {
    const nics = `[${Array.from({ length: 100 }, () => '{ switch: s }').join(', ')}]`;
    const rows = Array.from({ length: 50 }, (_, at) => `  r${at}: { id: 1, count: 1000, extends: t }`);
    const { lab, problems } = readLab(`templates: { t: { nics: ${nics} } }\nvms:\n${rows.join('\n')}`);

    expect(problems.filter(({ message }) => message.includes('Count fewer')).length).toBeGreaterThan(40);
    expect(lab?.vms.length).toBeLessThan(2000);
  });
});
