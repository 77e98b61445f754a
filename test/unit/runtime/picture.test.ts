import { describe, expect, test } from 'vitest';
import { labDiagram } from '../../../extension/diagram/from-lab.ts';
import { linkId, thingId } from '../../../extension/diagram/thing-id.ts';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { editTarget } from '../../../extension/runtime/picture/edit-targets.ts';
import { labTree } from '../../../extension/runtime/views/lab-tree.ts';
import { diagramFacts, labFacts, menuOf } from '../../../extension/runtime/picture/picture-facts.ts';
import { liveLab } from '../../../extension/runtime/picture/picture-live.ts';
import { pictureSegments } from '../../../extension/runtime/picture/picture-segments.ts';
import { readSubject } from '../../../extension/runtime/picture/picture-subject.ts';
import { PictureThings } from '../../../extension/runtime/picture/picture-things.ts';
import type { TreeNode } from '../../../extension/runtime/views/tree-node.ts';
import { FakeVdeSwitch } from '../../support/fake-management.ts';
import { running, snapshotOf } from '../../support/lab-builder.ts';
import { pictureLab } from '../../support/picture-builder.ts';
import { pictureOf } from '../../support/switch-pictures.ts';

const path = '/labs/dmz.lab.yaml';
const diagram = labDiagram(pictureLab);
const fwNic = linkId({ node: 'fw', nic: 2, network: 'dmz' });

describe('the things of a picture', () => {
  const things = new PictureThings(diagram, path);

  test('have the rows of the tree, all of them, and are found by them', () => {
    const rows = new Set<string>();
    const collect = (node: TreeNode): void => {
      rows.add(node.id);
      node.children.forEach(collect);
    };
    collect(labTree(snapshotOf(pictureLab)));

    expect(things.all.filter(({ row }) => row === undefined || !rows.has(row))).toEqual([]);
    expect(things.atRow(`${path}#vm/fw/nic/2`)?.id).toBe(fwNic);
    expect(things.atRow(`${path}#switch/lan`)?.id).toBe(thingId('network', 'lan'));
  });

  test('are found by places in the file, the smallest first', () => {
    const text = 'switches: { lan: }\nvms:\n  pc:\n    id: 1\n    nics: [{ switch: lan }]\n';
    const { lab } = readLab(text, { fileName: 'x.lab.yaml' });
    const typed = new PictureThings(labDiagram(lab!), path);
    const at = (word: string) => typed.atOffset(text.indexOf(word))?.id;

    expect(at('id: 1')).toBe(thingId('node', 'pc'));
    expect(at('switch: lan')).toBe(linkId({ node: 'pc', nic: 1, network: 'lan' }));
    expect(at('switches')).toBeUndefined();
  });
});

describe('the facts of a picture', () => {
  test('say of a VM what the tree says, and where it hangs; its menu names it', () => {
    const things = new PictureThings(diagram, path);
    const rows = labTree(snapshotOf(pictureLab, { fw: running() }));
    const facts = labFacts(diagram, things, rows);

    expect(facts[thingId('node', 'fw')]).toEqual({
      title: 'fw',
      spoken: 'fw, VM, running, ID 31, 256M',
      lines: [
        'running · ID 31 · 256M',
        'pid 4711',
        '1 CPU · 256M memory',
        'NIC 1 · lan · 192.168.1.1/24',
        'NIC 2 · dmz · 10.1.0.1/24',
      ],
      menu: { kvmlabItem: 'vm.running', lab: path, kind: 'vm', name: 'fw' },
    });
    expect(facts[fwNic]).toMatchObject({ title: 'fw NIC 2', menu: { kind: 'vm', name: 'fw' } });
    expect(menuOf(rows)).toEqual({ kvmlabItem: 'lab.partly', lab: path, kind: 'lab', name: 'dmz' });
  });

  test('are there for any diagram, one for each thing', () => {
    const ids = Object.keys(diagramFacts(diagram)).sort();

    expect(ids).toEqual(new PictureThings(diagram, undefined).all.map(({ id }) => id).sort());
  });
});

describe('what is live in a picture', () => {
  test('is where a wire leads outside, as its wire, which is its row and what is edited', () => {
    const it = readLab('switches: { lan: {} }\nwires: [{ between: [lan, ssh://b/dmz/lan] }]').lab!;
    const id = thingId('node', 'lan-b/outside');
    const away = { kind: 'running', pid: 7, halted: 'reconnecting' } as const;

    expect(liveLab(snapshotOf(it, { 'wire lan-b': away }), []).states[id]).toEqual({
      ...{ kind: 'paused', word: 'reconnecting' },
    });
    expect(new PictureThings(labDiagram(it), '/x').get(id)?.row).toBe('/x#wire/lan-b');
    expect(editTarget({ lab: '/x', selection: [id] }, [])?.things).toEqual([{ kind: 'wire', name: 'lan-b' }]);
  });

  test('are the states of VMs, switches and wires; an uplink has a process of its own', () => {
    const states = { fw: running(), 'switch lan': running(), pc: { kind: 'starting' } as const };
    const paused = { guest: { kind: 'running', pid: 1, halted: 'paused' } as const };
    const live = liveLab(snapshotOf(pictureLab, { ...states, ...paused }), []);

    const kinds = Object.fromEntries(Object.entries(live.states).map(([id, { kind }]) => [id, kind]));
    const uplinked = { ...states, 'switch lan': { kind: 'running', pid: 1, uplink: 2 } as const };
    const { states: withUplink } = liveLab(snapshotOf(pictureLab, uplinked), []);
    expect(withUplink[thingId('node', 'lan/uplink')]?.kind).toBe('running');
    expect(kinds).toEqual({
      [thingId('node', 'fw')]: 'running',
      [thingId('node', 'pc')]: 'busy',
      [thingId('node', 'guest')]: 'paused',
      [thingId('node', 'web')]: 'stopped',
      [thingId('node', 'lan/uplink')]: 'stopped',
      [thingId('network', 'lan')]: 'running',
      [thingId('network', 'dmz')]: 'stopped',
      [thingId('wire', 'lan-dmz')]: 'stopped',
    });
  });

  test('is the spanning tree: who is root, and what each NIC and wire is in it', async () => {
    const text =
      'name: dmz\nswitches: { lan: , dmz: }\nvms: { pc: { id: 1, nics: [{ switch: lan }] } }\nwires: [{ between: [lan, dmz] }]\n';
    const { lab } = readLab(text, { fileName: 'dmz.lab.yaml' });
    const [nic, end] = [lab!.vms[0]!.nics[0]!.port!, lab!.wires[0]!.ends[0].port!];
    const one = new FakeVdeSwitch().port(nic, { endpoints: ['QEMU user=u pid=5'] }).port(end, { endpoints: ['x'] });
    const treesOf = async (state: Partial<FakeVdeSwitch>) => {
      Object.assign(one, state);
      return liveLab(snapshotOf(lab), [await pictureOf(one, [], lab)]).trees;
    };
    const [lan, pc, wire] = [
      thingId('network', 'lan'),
      linkId({ node: 'pc', nic: 1, network: 'lan' }),
      thingId('wire', 'lan-dmz'),
    ];

    expect(await treesOf({ hasStp: false })).toEqual({});
    expect(await treesOf({ hasStp: true })).toEqual({
      [lan]: { words: 'root bridge', isBlocked: false },
      [pc]: { words: 'designated', isBlocked: false },
      [wire]: { words: 'lan: designated', isBlocked: false },
    });
    expect((await treesOf({ rootPort: end }))[wire]).toEqual({ words: 'lan: root port', isBlocked: false });
  });
});

test('segments name the things that hear each other: over a wire only in the VLAN that it carries', () => {
  const segments = pictureSegments(pictureLab);
  const ten = segments.find(({ vlan }) => vlan === 10)!.things;

  expect(ten).toContain(thingId('wire', 'lan-dmz'));
  expect(ten).toContain(thingId('node', 'pc'));
  expect(ten).toContain(thingId('node', 'web'));
  expect(ten).not.toContain(thingId('node', 'guest'));
  expect(segments.find(({ vlan }) => vlan === 20)?.things).toEqual([
    thingId('network', 'lan'),
    thingId('node', 'guest'),
    linkId({ node: 'guest', nic: 1, network: 'lan' }),
  ]);
});

describe('the subject of a picture', () => {
  const read = (file: string, text: string, former?: ReturnType<typeof readSubject>) =>
    readSubject({ file, text, former, readLab: one => readLab(one, { fileName: file }) });

  test('is a lab as it is typed, with a word on its errors', () => {
    const subject = read('/x/dmz.lab.yaml', 'vms: { a: { id: 1, nics: [{ switch: nowhere }] } }');

    expect([subject.name, subject.diagram.nodes.map(({ id }) => id)]).toEqual(['dmz', ['a']]);
    expect(subject.news).toBe('1 error in the file. What could be read is drawn.');
  });

  test('stays what it was while the text cannot be read at all', () => {
    const former = read('/x/dmz.lab.yaml', 'vms: { a: { id: 1 } }');
    const now = read('/x/dmz.lab.yaml', 'nothing of a lab', former);

    expect(now.diagram).toBe(former.diagram);
    expect(now.news).toContain('as it was before');
    expect(read('/x/dmz.lab.yaml', '').diagram.nodes).toEqual([]);
  });

  test('is a .diag by the name of the file', () => {
    const subject = read('/x/a.diag', 'nwdiag { network n { a } }');

    expect([subject.lab, subject.diagram.networks.map(({ id }) => id)]).toEqual([undefined, ['n']]);
  });
});
