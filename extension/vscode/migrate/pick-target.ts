import * as vscode from 'vscode';
import type { Lab } from '../../lab/model.ts';
import type { RunState } from '../../runtime/state.ts';
import type { MigrationTarget } from '../../runtime/migration/migration-words.ts';

/** Where a VM is to go, as it is called, and the ID that it has there; undefined: the one that it has here. */
export interface Target {
  readonly label: string;
  readonly target: MigrationTarget;
  readonly id: number | undefined;
}

/**
 * Asks for one of the lab's hosts, for this one if the VM has left it, or for other run-time folders of it. Undefined: the
 * user thought better of it.
 */
export async function pickTarget({ hosts = [] }: Lab, vm: string, state: RunState): Promise<Target | undefined> {
  const far = state.kind === 'running' ? state.far?.host : undefined;
  const isAway = far !== undefined || (state.kind === 'running' && state.folder !== undefined);
  const back = {
    label: '$(home) This Host',
    description: 'back to where the lab file is',
    to: { label: 'This Host', target: { kind: 'here' }, id: undefined } as const,
  };
  const others = hosts
    .filter(({ name }) => name !== far)
    .map(({ name, ssh }) => ({
      label: `$(server) ${name}`,
      description: ssh === name ? '' : ssh,
      to: { label: name, target: { kind: 'host', name }, id: undefined } as const,
    }));
  const here = {
    label: '$(folder) Other Run-Time Folders…',
    description: 'on this host, with another ID',
    to: undefined,
  };
  const picked = await vscode.window.showQuickPick(
    [...(isAway ? [back] : []), ...others, ...(far === undefined ? [here] : [])],
    { title: `Migrate ${vm} to…` },
  );
  return picked && (picked.to ?? askFolders(vm));
}

async function askFolders(vm: string): Promise<Target | undefined> {
  const title = `Migrate ${vm} on This Host`;
  const root = await vscode.window.showInputBox({
    title,
    prompt: 'The folder of the run-time folders (KVMLAB_RUN_ROOT) that it is to run in.',
    validateInput: text => (text.startsWith('/') ? undefined : 'An absolute path.'),
  });
  if (root === undefined) return undefined;
  const id = await vscode.window.showInputBox({
    title,
    prompt: 'The ID that it has there: its ports here are taken for as long as it runs here.',
    validateInput: text => (/^[1-9]\d{0,3}$/.test(text) ? undefined : 'A number from 1 to 9999.'),
  });
  return id === undefined ? undefined : { label: root, target: { kind: 'root', root }, id: Number(id) };
}
