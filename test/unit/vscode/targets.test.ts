import { describe, expect, test } from 'vitest';
import type { ThingRef } from '../../../extension/runtime/state.ts';
import { treeNode } from '../../../extension/runtime/views/tree-node.ts';
import { thingsOf } from '../../../extension/vscode/targets.ts';
import { lab, snapshotOf, vm } from '../../support/lab-builder.ts';

const labs = [snapshotOf(lab({ vms: [vm('fw', 31)] }))];
const thing = (name: string): ThingRef => ({ lab: '/labs/dmz.lab.yaml', kind: 'vm', name });
const row = (name: string) => ({
  node: treeNode({ id: name, label: name, icon: { name: 'circle' }, contextValue: 'vm.stopped', thing: thing(name) }),
});

const folder = { node: treeNode({ id: 'VMs', label: 'VMs', icon: { name: 'folder' }, contextValue: 'folder' }) };

describe('what a command acts on', () => {
  test('all selected rows, if the clicked one is among them', () => {
    const [a, b] = [row('a'), row('b')];

    expect(thingsOf([a, [a, b]], labs)).toEqual([thing('a'), thing('b')]);
  });

  test('only the clicked row, if it is not selected', () => {
    expect(thingsOf([row('c'), [row('a'), row('b')]], labs)).toEqual([thing('c')]);
  });

  test('each thing once, also if several of its rows are selected', () => {
    const [vmRow, nicRow] = [row('a'), row('a')];

    expect(thingsOf([vmRow, [vmRow, nicRow]], labs)).toEqual([thing('a')]);
  });

  test('the lab of a file', () => {
    expect(thingsOf([{ scheme: 'file', fsPath: '/labs/dmz.lab.yaml' }], labs)).toEqual([
      { lab: '/labs/dmz.lab.yaml', kind: 'lab', name: 'dmz' },
    ]);
  });

  test('the lab of a file that was not read yet, by the file’s name', () => {
    expect(thingsOf([{ scheme: 'file', fsPath: '/labs/new.lab.yaml' }], labs)[0]?.name).toBe('new.lab.yaml');
  });

  test('the file, also if the menu passes something else than a selection after it', () => {
    const file = { scheme: 'file', fsPath: '/labs/dmz.lab.yaml' };

    expect(thingsOf([file, { groupId: 0 } as never], labs)).toHaveLength(1);
  });

  test('nothing, so that the command asks, if it was called from the palette or on a row without a thing', () => {
    expect([thingsOf([], labs), thingsOf([folder], labs)]).toEqual([[], []]);
  });
});
