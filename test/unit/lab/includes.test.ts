import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseForEdit } from '../../../extension/lab/edits/yaml-edit.ts';
import type { IncludedFile, Lab } from '../../../extension/lab/model.ts';
import { parseLab, readLab } from '../../../extension/lab/reading/reader.ts';
import { randomLab } from '../../support/lab-generator.ts';

const path = '/work/common.yaml';
const common = (text: string): readonly IncludedFile[] => [{ name: 'common.yaml', path, text }];
const read = (text: string, included: string) => readLab(text, { included: common(included) });
const wordsOf = ({ problems }: ReturnType<typeof readLab>) =>
  problems.map(({ code, span }) => `${code} ${span.file ?? 'lab'} ${span.start}-${span.end}`);

/** A lab but for where it stands in its files. */
function withoutPlaces(lab: Lab | undefined): unknown {
  const left = new Set(['span', 'nameSpan', 'spans', 'origin', 'defaultSources']);
  return JSON.parse(JSON.stringify(lab, (key, value: unknown) => (left.has(key) ? undefined : value)));
}

describe('an included file', () => {
  test('brings templates, defaults, switches and VMs, before those of the lab', () => {
    const { lab, problems } = read(
      'include: common.yaml\ndefaults: { cpus: 2 }\nvms: { fw: { id: 1, extends: small, nics: [{ switch: lan }] } }',
      'defaults: { cpus: 4, vnc: true }\ntemplates: { small: { memory: 64M } }\nswitches: { lan: {} }\nvms: { dns: { id: 9 } }',
    );

    expect(problems).toEqual([]);
    expect(lab?.vms).toMatchObject([
      { name: 'dns', cpus: 2, vnc: true, memory: '256M' },
      { name: 'fw', cpus: 2, vnc: true, memory: '64M' },
    ]);
    expect(lab?.vms[0]?.nameSpan).toEqual({ start: 100, end: 103, file: path });
  });

  test('has its problems at its own places, and those of the lab come first', () => {
    const reading = read(
      'include: common.yaml\nvms: { a: { id: 1, extends: t }, b: { id: 0 } }',
      'templates: { t: { memory: lots } }\nvms: { c: { id: 1 }, : 2 }',
    );

    expect(wordsOf(reading)).toEqual([
      'id-double lab 37-38',
      'id-range lab 63-64',
      `bad-value ${path} 26-30`,
      `yaml-syntax ${path} 56-56`,
    ]);
  });

  test.each([
    ['include: [common.yaml, «other.yaml»]', 'include-failed'],
    ['include: [common.yaml, «./common.yaml»]', 'include-failed'],
    ['include: «/etc/passwd.yaml»', 'bad-value'],
    ['include: «~/x.yaml»', 'bad-value'],
    ['include: «x.lab.yaml»', 'bad-value'],
    ['include: «passwd»', 'bad-value'],
    ['include: [common.yaml, «a\\b.yaml»]', 'bad-value'],
    ['include: «[{ a: 1 }]»', 'bad-value', '{ a: 1 }'],
  ])('%s', (marked: string, code: string, at?: string) => {
    const text = marked.replace(/[«»]/g, '');
    const included = [...common(''), { name: './common.yaml', path, text: '' }];
    const wrong = at ?? /«(.*)»/.exec(marked)?.[1] ?? '';

    const { problems } = readLab(`${text}\nvms: {}`, { included });

    expect(problems.map(({ code: found, span }) => [found, text.slice(span.start, span.end)])).toEqual([[code, wrong]]);
  });

  test('says why it is not read', () => {
    const included = [{ name: 'common.yaml', path, refusal: 'It is not there.' }];

    expect(readLab('include: common.yaml', { included }).problems[0]?.message).toBe('It is not there.');
  });

  test('includes nothing itself, and is no lab', () => {
    const reading = read('include: common.yaml', 'include: more.yaml\nname: x\nwires: []\nfoo: 1');

    expect(reading.problems.map(({ message }) => message)).toEqual([
      'An included file includes no further ones. Name them in the lab file itself.',
      'name belongs into the lab file itself: an included file has templates, defaults, images, hosts, switches and vms.',
      'wires belongs into the lab file itself: an included file has templates, defaults, images, hosts, switches and vms.',
      '"foo" is no key here. Known here: templates, images, defaults, hosts, switches, vms.',
    ]);
  });

  test('of a name that is there twice, the lab’s own one counts', () => {
    const text = 'include: common.yaml\nswitches: { lan: { ports: 5 } }';
    const reading = read(text, 'switches: { lan: { ports: 9 }, dmz: {} }');

    expect(reading.lab?.switches.map(({ name, ports }) => [name, ports])).toEqual([
      ['dmz', 31],
      ['lan', 5],
    ]);
    expect(wordsOf(reading)).toEqual(['bad-name lab 9-20']);
  });

  test('is named by the first half of reading', () => {
    expect(parseLab('include: [a.yaml, /x, a.yaml, b.yml]').includes).toEqual(['a.yaml', 'b.yml']);
    expect(parseLab('include:\nvms: {}').includes).toEqual([]);
    expect(parseLab('# include: a.yaml').includes).toEqual([]);
  });

  test('makes the same lab as if it had been written into it', () => {
    fc.assert(
      fc.property(randomLab, fc.boolean(), ({ text }, isSwitches) => {
        const key = isSwitches ? 'switches' : 'vms';
        const plain = JSON.parse(JSON.stringify(parseForEdit(text)?.toJS())) as Record<string, unknown>;
        const { [key]: moved, ...rest } = plain;

        const whole = readLab(text);
        const split = read(JSON.stringify({ include: 'common.yaml', ...rest }), JSON.stringify({ [key]: moved }));

        expect(withoutPlaces(split.lab)).toEqual(withoutPlaces(whole.lab));
        expect(split.problems.map(({ message }) => message).sort()).toEqual(
          whole.problems.map(({ message }) => message).sort(),
        );
      }),
      { numRuns: 100 },
    );
  });
});

describe('written out by hand, a lab is the same', () => {
  test('with templates and rows', () => {
    const address = fc.integer({ min: 1, max: 200 }).map(host => `10.0.0.${host}/24`);
    const keys = fc.record(
      {
        memory: fc.constantFrom('64M', '1G'),
        cpus: fc.integer({ min: 1, max: 8 }),
        vnc: fc.boolean(),
        boot: fc.constantFrom('network', ['network', 'disk']),
        extra: fc.array(fc.constantFrom('-a', 'b c')),
        nics: fc.array(
          fc.record(
            { switch: fc.constant('lan'), address, vlan: fc.integer({ min: 1, max: 9 }) },
            { requiredKeys: ['switch'] },
          ),
          { maxLength: 3 },
        ),
      },
      { requiredKeys: [] },
    );
    const count = fc.option(fc.integer({ min: 1, max: 9 }), { nil: undefined });
    fc.assert(
      fc.property(keys, keys, count, fc.integer({ min: 1, max: 9990 }), (template, own, rows, id) => {
        const vm = { id, extends: 't', ...own, ...(rows === undefined ? {} : { count: rows }) };
        const switches = { lan: {} };
        const short = JSON.stringify({ switches, templates: { t: template }, vms: { web: vm } });
        const long = JSON.stringify({
          switches,
          vms: Object.fromEntries(writtenOut({ ...template, ...own }, id, rows)),
        });

        const [made, byHand] = [readLab(short), readLab(long)];

        expect(withoutPlaces(made.lab)).toEqual(withoutPlaces(byHand.lab));
        const messages = (reading: typeof made) => new Set(reading.problems.map(({ message }) => message));
        expect(messages(byHand)).toEqual(new Set([...messages(byHand), ...messages(made)]));
      }),
      { numRuns: 300 },
    );
  });
});

type Nics = readonly { readonly address?: string }[];

function writtenOut(vm: { readonly nics?: Nics }, id: number, rows: number | undefined): [string, unknown][] {
  const up = (address: string, by: number) => address.replace(/\.(\d+)\//, (_, host) => `.${Number(host) + by}/`);
  return Array.from({ length: rows ?? 1 }, (_, by) => {
    const nics = vm.nics?.map(nic => (nic.address === undefined ? nic : { ...nic, address: up(nic.address, by) }));
    return [rows === undefined ? 'web' : `web-${by + 1}`, { ...vm, id: id + by, ...(nics ? { nics } : {}) }];
  });
}

describe('a thousand hostile files', () => {
  const number = fc.oneof(
    fc.constantFrom('1e9', '-1', '0', '1.5', '1000', '1001', '0x3e8', '"5"', '[]', '{}', '~', '9007199254740993'),
    fc.integer().map(String),
  );
  const count = fc.oneof(
    { weight: 1, arbitrary: number },
    { weight: 9, arbitrary: fc.integer({ max: 9 }).map(String) },
  );
  const name = fc.constantFrom(
    'a',
    'a-1',
    'a-1-1',
    't',
    '__proto__',
    'constructor',
    '"web-*"',
    '""',
    'common.yaml',
    '../x.yaml',
  );
  const nics = fc.constantFrom(
    '[{ switch: a, address: 255.255.255.250/0 }]',
    "[{ switch: a, address: ['ffff::ffff/0', dhcp, x, []], tagged: { 1: 10.0.0.1/31, 2: [1, 2] } }]",
    '[*x, *x]',
    '{ a: 1 }',
    'x',
  );
  const vm = fc
    .tuple(name, number, count, name, nics)
    .map(([key, id, rows, of, cards]) => `${key}: { id: ${id}, count: ${rows}, extends: ${of}, nics: ${cards} }`);
  const file = fc
    .tuple(fc.array(vm, { maxLength: 8 }), fc.array(vm, { maxLength: 4 }), fc.array(name, { maxLength: 4 }))
    .map(
      ([vms, templates, names]) =>
        `include: [${names.join(', ')}]\ntemplates: { ${templates.join(', ')} }\nvms: { ${vms.join(', ')} }\ngroups: { g: { vms: [a-*, ${names.join(', ')}] } }\n`,
    );

  test('neither throw nor leave a problem without a place, nor make more VMs than there are IDs', () => {
    fc.assert(
      fc.property(file, file, (text, other) => {
        const included = [...common(other), { name: '../x.yaml', path: '/x.yaml', text: other }];
        const lengths = new Map([
          ['/x.yaml', other.length],
          [path, other.length],
        ]);

        const { lab, problems } = readLab(text, { included });

        for (const { span, message } of problems) {
          const end = span.file === undefined ? text.length : (lengths.get(span.file) ?? -1);
          expect([span.start <= span.end, span.end <= end, message === '']).toEqual([true, true, false]);
        }
        const ids = lab?.vms.flatMap(({ id }) => id ?? []) ?? [];
        expect(ids.every(id => id >= 1 && id <= 9999)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  }, 300_000);
});
