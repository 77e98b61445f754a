import { describe, expect, test } from 'vitest';
import { editLab } from '../../../extension/lab/edits/edit-lab.ts';
import { applyEdits } from '../../../extension/lab/edits/edit.ts';
import type { LabEdit } from '../../../extension/lab/edits/lab-edit.ts';
import { rowLossWords } from '../../../extension/lab/edits/rows.ts';
import { editVlans } from '../../../extension/lab/edits/vlan-edit.ts';
import { parseForEdit } from '../../../extension/lab/edits/yaml-edit.ts';
import type { IncludedFile, Lab } from '../../../extension/lab/model.ts';
import { readLab } from '../../../extension/lab/reading/reader.ts';

const path = '/work/common.yaml';
const common = (text: string): readonly IncludedFile[] => [{ name: 'common.yaml', path, text }];

function labOf(text: string): Lab {
  const { lab } = readLab(text);
  if (!lab) throw new Error('no lab');
  return lab;
}

describe('an edit of a lab that includes another file', () => {
  const text = `include: common.yaml
templates:
  small: { nics: [{ switch: lan }, { switch: own }] }
switches: { own: {} }
vms:
  fw: { id: 1, nics: [{ switch: lan }] } # the firewall
  web: { id: 10, count: 3, nics: [{ switch: own }] }
  pc: { id: 20, extends: small }
  nb:
    id: 21
    extends: small
    nics:
      - switch: own
groups: { front: { vms: ['web-*', pc] } }
`;
  const commonText = 'switches: { lan: {} }\nvms: { dns: { id: 30, nics: [{ switch: own }] } }';
  const included = common(commonText);
  const tools = { readLab: (one: string) => readLab(one, { included }), parse: parseForEdit };
  const after = (edit: LabEdit) => {
    const result = editLab(text, edit, tools);
    return result.kind === 'edits' ? applyEdits(text, result.edits) : result.reason;
  };

  test('the lab that is edited is sound', () => {
    expect(tools.readLab(text).problems).toEqual([]);
  });

  test.each<[string, LabEdit, string]>([
    ['a NIC of a row', { kind: 'moveNic', vm: 'web-2', nic: 1, switch: 'lan' }, 'VM web-2 is one of the 3 of row web.'],
    ['a NIC for one of a row', { kind: 'addNic', vm: 'web-2', switch: 'lan' }, 'VM web-2 is one of the 3 of row web.'],
    ['one of a row', { kind: 'remove', things: [{ kind: 'vm', name: 'web-1' }] }, 'VM web-1 is one of the 3'],
    ['the name of one of a row', { kind: 'rename', thing: 'vm', from: 'web-1', to: 'x' }, 'VM web-1 is one of the 3'],
    [
      'one of a row out of its group',
      { kind: 'group', vms: ['web-1'], group: undefined },
      'in group front with all of its row',
    ],
    ['a NIC of a template', { kind: 'setAddresses', vm: 'pc', nic: 1, addresses: ['dhcp'] }, 'those of template small'],
    ['a NIC beside those of a template', { kind: 'addNic', vm: 'pc', switch: 'own' }, 'those of template small'],
    [
      'the last own NIC, behind which is the template',
      { kind: 'remove', things: [{ kind: 'nic', vm: 'nb', nic: 1 }] },
      'other values from template small',
    ],
    ['an included VM', { kind: 'remove', things: [{ kind: 'vm', name: 'dns' }] }, 'VM dns stands in common.yaml'],
    ['a NIC of an included VM', { kind: 'moveNic', vm: 'dns', nic: 1, switch: 'lan' }, 'VM dns stands in common.yaml'],
    [
      'an included switch',
      { kind: 'rename', thing: 'switch', from: 'lan', to: 'x' },
      'switch lan stands in common.yaml',
    ],
    [
      'what an included VM names',
      { kind: 'rename', thing: 'switch', from: 'own', to: 'x' },
      'In common.yaml, which this lab includes, it would make a mistake',
    ],
    ['a name that a row has', { kind: 'addVm', name: 'web', id: 5, switches: [] }, 'There is a row web'],
    [
      'a name that one of a row has',
      { kind: 'addVm', name: 'web-2', id: 5, switches: [] },
      'There is a VM web-2 already',
    ],
  ])('is refused: %s', (_, edit, reason) => {
    expect(after(edit)).toContain(reason);
  });

  test.each<[string, LabEdit, string]>([
    ['a NIC of a row', { kind: 'moveNic', vm: 'web-2', nic: 1, switch: 'lan' }, '7 web:'],
    ['one of the middle of a row', { kind: 'remove', things: [{ kind: 'vm', name: 'web-2' }] }, '7 web:'],
    ['one of a row out of its group', { kind: 'group', vms: ['web-1'], group: undefined }, '14 front:'],
    ['a NIC of a template', { kind: 'addNic', vm: 'pc', switch: 'own' }, '3 small:'],
    ['an included switch', { kind: 'remove', things: [{ kind: 'switch', name: 'lan' }] }, '1 /work/common.yaml lan:'],
  ])('that is refused says where to change it: %s', (_, edit, place) => {
    const result = editLab(text, edit, tools);

    const span = result.kind === 'refused' ? result.place : undefined;
    const of = span?.file === undefined ? text : commonText;
    const line = of.slice(0, span?.start).split('\n').length;
    const words = [String(line), ...(span?.file === undefined ? [] : [span.file])].join(' ');
    expect(`${words} ${of.slice(span?.start).split(' ', 1).join()}`).toBe(place);
  });

  test.each<[string, readonly string[], string, string]>([
    ['the last VM', ['web-3'], 'count: 3', 'count: 2'],
    ['the last two VMs', ['web-3', 'web-2'], 'count: 3', 'count: 1'],
  ])('a row counts fewer without %s', (_, names, from, to) => {
    const things = names.map(name => ({ kind: 'vm', name }) as const);

    expect(after({ kind: 'remove', things })).toBe(text.replace(from, to));
    expect(rowLossWords(labOf(text), new Set(names))).toBe(`Row web will ${to.replace(': ', ' ')} instead of 3.`);
  });

  test('a row goes with the last of its VMs, from its group too', () => {
    const things = ['web-1', 'web-2', 'web-3'].map(name => ({ kind: 'vm', name }) as const);

    expect(after({ kind: 'remove', things })).toBe(text.replace(/ {2}web: .*\n/, '').replace("['web-*', pc]", '[pc]'));
    expect(rowLossWords(labOf(text), new Set(['web-1', 'web-2', 'web-3']))).toBe('Row web goes.');
  });

  test('a VM of a row leaves what names it alone: its group and its pin', () => {
    const own =
      'vms: { a: { id: 1, count: 3 } }\ngroups: { g: { vms: [a-1, a-3] } }\npicture: { pins: { a-3: { column: 1, row: 0 } } }\n';
    const result = editLab(
      own,
      { kind: 'remove', things: [{ kind: 'vm', name: 'a-3' }] },
      { readLab, parse: parseForEdit },
    );

    expect(result.kind === 'edits' && applyEdits(own, result.edits)).toBe(
      'vms: { a: { id: 1, count: 2 } }\ngroups: { g: { vms: [a-1] } }\n',
    );
  });

  test('a row is renamed with all that names its VMs', () => {
    const own =
      'vms: { a: { id: 1, count: 2 }, b-1: { id: 9 } }\ngroups: { g: { vms: [a-1] }, h: { vms: "a-*" } }\npicture: { pins: { a-2: { column: 1, row: 0 } } }\n';
    const rename = (to: string) => {
      const edit = { kind: 'rename', thing: 'vm', from: 'a', to } as const;
      const result = editLab(own, edit, { readLab, parse: parseForEdit });
      return result.kind === 'edits' ? applyEdits(own, result.edits) : result.reason;
    };

    expect(rename('c')).toBe(own.replaceAll('a:', 'c:').replaceAll('a-', 'c-'));
    expect(rename('b')).toContain('There is a VM b-1 already');
  });

  test.each<[string, LabEdit, string, string]>([
    [
      'a NIC onto an included switch',
      { kind: 'addNic', vm: 'fw', switch: 'own' },
      '[{ switch: lan }] }',
      '[{ switch: lan }, { switch: own }] }',
    ],
    [
      'a wire to an included switch',
      { kind: 'addWire', between: ['own', 'lan'] },
      '',
      'wires:\n  - { between: [own, lan] }\n',
    ],
    [
      'one of a row into another group',
      { kind: 'group', vms: ['fw'], group: 'front' },
      "['web-*', pc]",
      "['web-*', pc, fw]",
    ],
    ['a VM that extends a template', { kind: 'rename', thing: 'vm', from: 'pc', to: 'desk' }, '', ''],
  ])('is made: %s', (_, edit, from, to) => {
    const changed = after(edit);

    if (from !== '') expect(changed).toBe(text.replace(from, to));
    expect(changed).toContain(to);
    expect(readLab(changed, { included }).problems).toEqual([]);
  });

  test('of a switch reaches the NICs of templates', () => {
    const own =
      'templates: { t: { nics: [{ switch: a }] } }\nswitches: { a: {}, b: {} }\nvms: { x: { id: 1, extends: t } }\n';
    const edit = (one: LabEdit) => {
      const result = editLab(own, one, { readLab, parse: parseForEdit });
      return result.kind === 'edits' ? applyEdits(own, result.edits) : result.reason;
    };

    expect(edit({ kind: 'rename', thing: 'switch', from: 'a', to: 'c' })).toBe(
      own.replace('switch: a', 'switch: c').replace('{ a:', '{ c:'),
    );
    expect(readLab(edit({ kind: 'remove', things: [{ kind: 'switch', name: 'a' }] })).problems).toEqual([]);
  });

  test.each([
    ['web-1', 'VM web-1 is one of the 3 of row web'],
    ['pc', 'those of template small'],
    ['dns', 'VM dns stands in common.yaml'],
  ])('of the VLANs of %s is refused', (vm, reason) => {
    const change = () =>
      editVlans(text, [{ who: { kind: 'nic', vm, nic: 1 }, untagged: 7, tagged: [] }], undefined, included);

    expect(change).toThrow(reason);
  });

  test('of the VLANs of a switch knows those of included VMs', () => {
    const vlans = common('vms: { dns: { id: 30, nics: [{ switch: own, vlan: 5 }] } }');
    const own = 'include: common.yaml\nswitches: { own: {} }\nvms: { fw: { id: 1, nics: [{ switch: own }] } }\n';

    const edits = editVlans(
      own,
      [{ who: { kind: 'nic', vm: 'fw', nic: 1 }, untagged: 6, tagged: [] }],
      { name: 'own', vlans: [5, 6] },
      vlans,
    );

    expect(applyEdits(own, edits)).toBe(own.replace('switch: own }', 'switch: own, vlan: 6 }'));
  });
});
