import type { Disposable } from '../base/disposable.ts';
import { UserError } from '../base/user-error.ts';
import { commonScript, vmFiles } from '../lab/layout.ts';
import type { Lab } from '../lab/model.ts';
import { done } from '../runtime/hosts/deploy.ts';
import { lookFar } from '../runtime/hosts/far-look.ts';
import { scriptWords } from '../runtime/hosts/far-scripts.ts';
import type { CliPorts } from './command.ts';

/** A folder here in which the QMP socket of a VM of another host is found, until it is disposed. */
export interface FarQmp extends Disposable {
  readonly folder: string;
}

/** Undefined: the VM runs on this host, or nowhere. Tells the store what runs elsewhere. */
export async function openFarQmp(labPath: string, lab: Lab, vm: string, ports: CliPorts): Promise<FarQmp | undefined> {
  const { remote, store, signal } = ports;
  const { unknown } = await lookFar(remote, lab, (place, look) => store.setFar(labPath, place, look));
  const reason = unknown.get(lab.vms.find(({ name }) => name === vm)?.host ?? '');
  const state = store.stateOf({ lab: labPath, kind: 'vm', name: vm });
  if (state.kind !== 'running' && reason !== undefined) throw new UserError(reason);
  const place = state.kind === 'running' ? state.far?.host : undefined;
  const host = lab.hosts?.find(({ name }) => name === place);
  if (!host) return undefined;
  const asked = await remote.run(host, scriptWords(host, lab, commonScript, ['folder', lab.name]), { signal });
  const there = done(host, asked).trim();
  const folder = await remote.privateFolder();
  const socket = vmFiles(vm).qmp;
  const forwarded = await remote.forward(host, `${folder.path}/${socket}`, `${there}/${socket}`, signal);
  return {
    folder: folder.path,
    dispose: () => {
      forwarded.dispose();
      folder.dispose();
    },
  };
}
