import fc from 'fast-check';

/** The text of a lab with this many VMs (tiny guests, two or three NICs each) and switches, free of problems. */
export function bigLab(vms: number, switches: number): string {
  const perSwitch = Math.ceil((vms * 3) / switches) + 2;
  const switchLines = Array.from({ length: switches }, (_, at) => {
    const wide = `network: 10.${at}.0.0/16, ports: ${Math.min(4095, perSwitch)}`;
    return `  s${at}: { ${wide}${at % 5 === 0 ? ', vlans: [10, 20], stp: true' : ''} }`;
  });
  const vmLines = Array.from({ length: vms }, (_, at) => vmText(at + 1, switches));
  const wireLines = Array.from(
    { length: switches - 1 },
    (_, at) => `  - { between: [s${at}, s${at + 1}], tagged: [20] }`,
  );
  return [
    'name: big',
    'defaults: { memory: 96M }',
    'switches:',
    ...switchLines,
    'vms:',
    ...vmLines,
    ...(switches > 1 ? ['wires:', ...wireLines] : []),
    '',
  ].join('\n');
}

/** Hosts are numbered through the lab, so that no address is there twice even across wires. */
function vmText(id: number, switches: number): string {
  const nic = (at: number): string => {
    const one = (id + at) % switches;
    return `      - { switch: s${one}, address: 10.${one}.${id >> 7}.${2 * (id & 127) + 1}/16 }`;
  };
  const nics = [
    nic(0),
    ...(switches > 1 ? [nic(1)] : []),
    ...(id % 3 === 0 ? [`      - { switch: s${id % switches}, vlan: 20 }`] : []),
  ];
  return [
    `  vm${id}:`,
    `    id: ${id}`,
    '    guest: tiny',
    ...(id % 2 === 0 ? ['    cpus: 2'] : []),
    '    nics:',
    ...nics,
  ].join('\n');
}

/** What `randomLab` makes. Everything in it is valid, so its text reads without errors. */
export interface RandomLab {
  readonly text: string;
  readonly vms: readonly string[];
  readonly switches: readonly string[];
}

const name = fc.stringMatching(/^[a-z][a-z0-9_-]{0,8}$/).map(text => `n${text}`);

/** Random labs without problems: switches, VMs with NICs, wires, odd texts where texts are free. */
export const randomLab: fc.Arbitrary<RandomLab> = fc
  .record({
    switches: fc.uniqueArray(name, { minLength: 1, maxLength: 5 }),
    vms: fc.uniqueArray(name, { maxLength: 8 }),
    firstId: fc.integer({ min: 1, max: 9000 }),
    nics: fc.array(fc.array(fc.nat({ max: 4 }), { maxLength: 4 }), { minLength: 8, maxLength: 8 }),
    texts: fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter(isPathText), {
      minLength: 8,
      maxLength: 8,
    }),
    wires: fc.array(fc.tuple(fc.nat({ max: 4 }), fc.nat({ max: 4 })), { maxLength: 4 }),
    isFlow: fc.boolean(),
  })
  .map(({ switches, vms, firstId, nics, texts, wires, isFlow }) => {
    const at = (index: number): string => switches[index % switches.length] ?? '';
    const lab = {
      name: 'random',
      switches: Object.fromEntries(switches.map(one => [one, { vlans: [10, 20] }])),
      vms: Object.fromEntries(
        vms.map((vm, index) => [
          vm,
          {
            id: firstId + index,
            disks: [{ file: texts[index] ?? 'disk', size: '1G' }],
            extra: texts.slice(index, index + 2),
            nics: (nics[index] ?? []).map((one, nic) => ({
              switch: at(one),
              ...(nic % 2 === 0 ? { vlan: 10 } : { tagged: [10, 20] }),
            })),
          },
        ]),
      ),
      wires: wires
        .filter(([from, to]) => at(from) !== at(to))
        .map(([from, to]) => ({ between: [at(from), at(to)], tagged: [20] })),
    };
    return { text: isFlow ? JSON.stringify(lab) : blockStyle(lab), vms, switches };
  });

function isPathText(text: string): boolean {
  return !/[\0\n\r]/.test(text);
}

/** Two levels of block style, JSON (which YAML reads) below: enough to meet both styles. */
function blockStyle(lab: Readonly<Record<string, unknown>>): string {
  return Object.entries(lab)
    .map(([key, value]) => {
      if (typeof value !== 'object' || value === null || Object.keys(value).length === 0)
        return `${key}: ${JSON.stringify(value)}\n`;
      if (Array.isArray(value)) return `${key}:\n${value.map(item => `  - ${JSON.stringify(item)}\n`).join('')}`;
      const lines = Object.entries(value).map(([inner, innerValue]) => `  ${inner}: ${JSON.stringify(innerValue)}\n`);
      return `${key}: # ${key}\n${lines.join('')}`;
    })
    .join('');
}
