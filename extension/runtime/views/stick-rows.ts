import { resolvePath } from '../../lab/files.ts';
import type { Vm } from '../../lab/model.ts';
import { folderOf } from '../paths.ts';
import type { RunState, SeenStick, ThingRef } from '../state.ts';
import { fileName } from './row-words.ts';
import { treeNode, type TreeNode } from './tree-node.ts';

/** The USB sticks of a VM: those that are in it, then those of the lab file that are not. */
export function stickNodes(parent: string, thing: ThingRef, vm: Vm, state: RunState): readonly TreeNode[] {
  const seen = state.kind === 'running' ? (state.sticks ?? []) : [];
  const others = (vm.sticks ?? []).filter(text => !seen.some(stick => isNamed(stick, text)));
  const node = (path: string, id: string, description: string, isIn: boolean): TreeNode =>
    treeNode({
      id: `${parent}/stick/${id}`,
      label: fileName(path),
      description,
      tooltip: `USB stick ${path}`,
      icon: { name: 'save' },
      contextValue: isIn ? 'stick.in' : 'stick.out',
      stick: path,
      thing,
    });
  const away = state.kind === 'running' ? 'USB stick, not plugged in' : 'USB stick';
  return [
    ...seen.map(({ file, isMounted }) => node(file, file, isMounted ? 'USB stick, mounted' : 'USB stick', true)),
    ...others.map(text => node(resolvePath(text, folderOf(thing.lab), '~'), text, away, false)),
  ];
}

/** The script gives QEMU the path without links; `text` is as in the lab file. */
const isNamed = ({ file }: SeenStick, text: string): boolean =>
  text.startsWith('/') ? file === text : file.endsWith(`/${text.replace(/^(~|\.)\//, '')}`);
