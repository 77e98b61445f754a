import { describe, expect, test } from 'vitest';
import { belongsTo, isSamePath, labPlaces } from '../../../extension/runtime/lab-identity.ts';
import { LabStore } from '../../../extension/runtime/store.ts';
import { lab, snapshotOf, vm } from '../../support/lab-builder.ts';
import { runningVm } from '../../support/running-vm.ts';

const dmz = lab({ vms: [vm('fw', 31)] });
const file = (path: string) => snapshotOf(dmz, {}, [], path);

describe('what runs', () => {
  test.each([
    ['the scripts beside its file', '/a/dmz', true],
    ['scripts elsewhere', '/b/dmz', false],
    ['scripts that nobody has written down', undefined, true],
  ])('belongs to the lab of its name if it was started by %s', (_, scripts, expected) => {
    const one = { lab: 'dmz', ...(scripts === undefined ? {} : { scripts }) };

    expect(belongsTo(one, '/a/dmz.lab.yaml', dmz, isSamePath)).toBe(expected);
  });

  test('belongs to no lab of another name', () => {
    expect(belongsTo({ lab: 'other', scripts: '/a/dmz' }, '/a/dmz.lab.yaml', dmz, isSamePath)).toBe(false);
    expect(belongsTo({ lab: undefined }, '/a/dmz.lab.yaml', undefined, isSamePath)).toBe(false);
  });

  test('is shown with the lab of its folder only, which may be reached through links', () => {
    const links = new Map([['/link/dmz', '/b/dmz']]);
    const store = new LabStore((a, b) => a === (links.get(b) ?? b));
    for (const path of ['/a/dmz.lab.yaml', '/link/dmz.lab.yaml']) store.setReading(path, { lab: dmz, problems: [] });

    store.setHost({ vms: [runningVm('fw', 7, { scripts: '/b/dmz' })], switches: [], wires: [] });

    expect(store.stateOf({ lab: '/a/dmz.lab.yaml', kind: 'vm', name: 'fw' })).toEqual({ kind: 'stopped' });
    expect(store.stateOf({ lab: '/link/dmz.lab.yaml', kind: 'vm', name: 'fw' })).toEqual({ kind: 'running', pid: 7 });
    expect(store.host.vms.map(one => store.labOf(one)?.path)).toEqual(['/link/dmz.lab.yaml']);
  });
});

describe('labs of one name', () => {
  test.each([
    [
      ['/w/a/dmz.lab.yaml', '/w/b/dmz.lab.yaml'],
      ['a', 'b'],
    ],
    [
      ['/w/a/x/dmz.lab.yaml', '/w/b/x/dmz.lab.yaml'],
      ['a/x', 'b/x'],
    ],
    [
      ['/w/dmz.lab.yaml', '/w/b/dmz.lab.yaml'],
      ['w', 'b'],
    ],
    [
      ['/w/one.lab.yaml', '/w/two.lab.yaml'],
      ['one.lab.yaml', 'two.lab.yaml'],
    ],
    [
      ['/a/one.lab.yaml', '/a/two.lab.yaml', '/b/one.lab.yaml'],
      ['a/one.lab.yaml', 'a/two.lab.yaml', 'b/one.lab.yaml'],
    ],
  ])('%j are told apart by %j', (paths, places) => {
    expect([...labPlaces(paths.map(file))]).toEqual(paths.map((path, at) => [path, places[at]]));
  });

  test('are none if a name is there once', () => {
    expect(labPlaces([file('/w/a/dmz.lab.yaml'), snapshotOf(undefined, {}, [], '/w/b/x.lab.yaml')]).size).toBe(0);
  });
});
