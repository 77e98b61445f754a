import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readStatus } from '../../../extension/cluster/cluster-status.ts';
import { isOfLab, resourceId, vmOfResource } from '../../../extension/cluster/lab-resources.ts';
import { readSimulation, simulationWords } from '../../../extension/cluster/simulation.ts';
import { element, readXml, writeXml, type XmlElement } from '../../../extension/cluster/xml.ts';
import { transcript } from './transcripts.ts';

describe('the status of a cluster', () => {
  test('is where each VM runs, on nodes that are online', () => {
    expect(readStatus(transcript('crm_mon'), 'dmz')).toMatchObject({
      ...{ hasQuorum: true, isFencingEnabled: true, decidedBy: 'right', devices: ['power-left', 'power-right'] },
      nodes: [
        { name: 'left', state: 'online' },
        { name: 'right', state: 'online' },
      ],
      vms: [
        { vm: 'fw', role: 'Started', nodes: ['left'], isManaged: true, isBlocked: false, failures: [] },
        { vm: 'web', role: 'Started', nodes: ['right'], failures: [] },
      ],
      fencings: [],
    });
  });

  test('tells failures, and who was fenced', () => {
    expect(readStatus(transcript('crm_mon-fenced'), 'dmz')).toMatchObject({
      nodes: [
        { name: 'left', state: 'offline' },
        { name: 'right', state: 'online' },
      ],
      vms: [
        { vm: 'fw', nodes: ['right'], failures: [] },
        { vm: 'web', nodes: ['right'], failures: [{ node: 'right', count: 1, last: 'monitor: not running' }] },
      ],
      fencings: [{ target: 'left', action: 'off', outcome: 'success', completed: '2026-11-23 11:37:39Z' }],
    });
  });

  test('has no VMs of another lab, and is none in other XML', () => {
    expect(readStatus(transcript('crm_mon'), 'dm')?.vms).toEqual([]);
    expect(readStatus(element('cib', {}), 'dmz')).toBeUndefined();
  });
});

test('a simulated death is told in words', () => {
  const simulation = readSimulation(transcript('crm_simulate'), 'dmz')!;

  expect(simulationWords('left', simulation)).toEqual([
    'left would be fenced, and only then would anything go on.',
    'fw would be started on right, from its disk.',
    'web would go on on right.',
  ]);
  const blocked = { fenced: [], vms: [{ vm: 'fw', from: 'left', to: undefined, blocked: 'no quorum' }] };
  expect(simulationWords('left', blocked)).toEqual([
    'left would not be fenced. Whatever ran there would not be started anywhere else.',
    'fw would run nowhere (no quorum).',
  ]);
});

describe('XML', () => {
  const name = fc.stringMatching(/^[a-z]{1,8}$/);
  const { tree } = fc.letrec<{ tree: XmlElement }>(tie => ({
    tree: fc.record({
      name,
      attributes: fc.dictionary(name, fc.string({ unit: 'binary' })),
      children: fc.oneof({ maxDepth: 3 }, fc.constant([]), fc.array(tie('tree'), { maxLength: 3 })),
    }),
  }));

  test('reads back as it was written, whatever the values are', () => {
    fc.assert(
      fc.property(tree, one => {
        expect(readXml(writeXml(one))).toEqual(withoutControls(one));
      }),
    );
  });

  test('that is none is told, and opens no files', () => {
    const faults: string[] = [];
    const onFault = (reason: string): void => void faults.push(reason);

    expect(readXml('<a', onFault)).toBeUndefined();
    expect(readXml('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a b="&x;"/>', onFault)).toBeUndefined();
    expect(faults).toHaveLength(2);
  });

  /** XML cannot hold all characters. */
  const withoutControls = ({ name: own, attributes, children }: XmlElement): XmlElement => ({
    name: own,
    attributes: Object.fromEntries(
      Object.entries(attributes).map(([key, value]) => [
        key,
        value.replace(/(?![\t\n\r])[\p{Cc}\p{Cs}\ufffe\uffff]/gu, ''),
      ]),
    ),
    children: children.map(withoutControls),
  });
});

test('no two VMs of any labs share a resource, and no lab takes that of another for its own', () => {
  const safe = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,6}$/);
  fc.assert(
    fc.property(safe, safe, safe, safe, (lab, vm, otherLab, otherVm) => {
      const id = resourceId(lab, vm);
      expect(vmOfResource(lab, id)).toBe(vm);
      fc.pre(lab !== otherLab);
      expect(resourceId(otherLab, otherVm)).not.toBe(id);
      expect(isOfLab(otherLab, element('primitive', { id }))).toBe(false);
    }),
    { numRuns: 1000 },
  );
});
