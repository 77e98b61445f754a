import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { DisposableStore } from './base/disposable.ts';
import { systemClock } from './host/clock.ts';
import type { LabStore } from './runtime/store.ts';
import type { SwitchWatcher } from './runtime/switch-watcher.ts';
import { VlanActions } from './runtime/vlan-actions.ts';
import { drawMatrix, switchOf, type MatrixTarget } from './runtime/vlan-matrix.ts';
import { labFileEditor } from './vscode/lab-file-editor.ts';
import { VlanPanels } from './vscode/vlan-panels.ts';

export interface VlanParts {
  readonly store: LabStore;
  readonly switches: SwitchWatcher;
  readonly extensionUri: vscode.Uri;
  readonly report: (error: unknown) => void;
}

/** The tabs with VLAN matrices, and what changes VLANs. */
export function composeVlans(app: DisposableStore, { store, switches, extensionUri, report }: VlanParts) {
  const actions = new VlanActions({ store, switches, editor: labFileEditor });
  const find = (target: MatrixTarget) => switchOf(target, store.labs, store.host.switches);
  const isTrusted = (): boolean => vscode.workspace.isTrusted;
  const draw = (target: MatrixTarget) => {
    const of = find(target);
    const { lab } = store.lab(target.lab) ?? {};
    return drawMatrix({ target, lab, of, picture: of && switches.picture(of.pid), isTrusted: isTrusted() });
  };
  const panels = new VlanPanels({
    ...{ store, switches, extensionUri, clock: systemClock },
    host: { draw, find, actions, isTrusted, report },
    nonce: () => randomBytes(16).toString('base64'),
  });
  return { actions, panels: app.add(panels) };
}
