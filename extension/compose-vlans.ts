import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { DisposableStore } from './base/disposable.ts';
import { systemClock } from './host/clock.ts';
import type { LabStore } from './runtime/store.ts';
import type { SwitchWatcher } from './runtime/switches/switch-watcher.ts';
import { VlanActions } from './runtime/switches/vlan-actions.ts';
import { drawMatrix, switchOf, type MatrixTarget } from './runtime/switches/vlan-matrix.ts';
import { DriftDiagnostics } from './vscode/switches/drift-diagnostics.ts';
import { labFileEditor } from './vscode/lab-files/lab-file-editor.ts';
import { VlanPanels } from './vscode/switches/vlan-panels.ts';

export interface VlanParts {
  readonly store: LabStore;
  readonly switches: SwitchWatcher;
  readonly extensionUri: vscode.Uri;
  readonly report: (error: unknown) => void;
  /** Resolves when the labs have been read, and what runs was looked at. */
  readonly ready: () => Promise<void>;
  /** The text from which a lab in the store was read. */
  readonly textOf: (path: string) => string | undefined;
}

/** The tabs with VLAN matrices, what changes VLANs, and what is said of drift in lab files. */
export function composeVlans(
  app: DisposableStore,
  { store, switches, extensionUri, report, textOf, ready }: VlanParts,
) {
  const actions = new VlanActions({ store, switches, editor: labFileEditor });
  const find = (target: MatrixTarget) => switchOf(target, store.labs, store.host.switches);
  const isTrusted = (): boolean => vscode.workspace.isTrusted;
  const draw = (target: MatrixTarget) => {
    const of = find(target);
    const { lab } = store.lab(target.lab) ?? {};
    return drawMatrix({ target, lab, of, picture: of && switches.picture(of.pid), isTrusted: isTrusted() });
  };
  const panels = new VlanPanels({
    ...{ store, switches, extensionUri, ready, clock: systemClock },
    host: { draw, find, actions, isTrusted, report },
    nonce: () => randomBytes(16).toString('base64'),
  });
  app.add(new DriftDiagnostics({ store, switches, clock: systemClock, textOf }));
  return { actions, panels: app.add(panels) };
}
