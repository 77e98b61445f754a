import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { DisposableStore } from './base/disposable.ts';
import { systemClock } from './host/clock.ts';
import type { LabStore } from './runtime/store.ts';
import type { SwitchWatcher } from './runtime/switches/switch-watcher.ts';
import type { VlanActions } from './runtime/switches/vlan-actions.ts';
import { drawMatrix, switchOf, type MatrixTarget } from './runtime/switches/vlan-matrix.ts';
import type { DriftParts } from './vscode/switches/drift-diagnostics.ts';
import { labFileEditor } from './vscode/lab-files/lab-file-editor.ts';
import type { VlanOrders } from './vscode/switches/vlan-panel.ts';
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
  const actions = vlanOrders({ store, switches });
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
  showDrift(app, { store, switches, clock: systemClock, textOf });
  return { actions, panels: app.add(panels) };
}

const loadRoom = () => import('./vlan-room.ts');

/** What changes VLANs, loaded with the first order. */
function vlanOrders(parts: Pick<VlanParts, 'store' | 'switches'>): VlanOrders {
  const load = async (): Promise<VlanActions> =>
    new (await loadRoom()).VlanActions({ ...parts, editor: labFileEditor });
  return {
    apply: async (target, wishes) => (await load()).apply(target, wishes),
    write: async (target, wishes) => (await load()).write(target, wishes),
    applyFile: async target => (await load()).applyFile(target),
    adopt: async target => (await load()).adopt(target),
  };
}

/** Before the first switch runs there is no drift, and nothing is loaded. */
function showDrift(app: DisposableStore, parts: DriftParts): void {
  const waiting = app.add(
    parts.store.onDidChange(() => {
      if (parts.store.host.switches.length === 0) return;
      waiting.dispose();
      void loadRoom().then(({ DriftDiagnostics }) => app.add(new DriftDiagnostics(parts)));
    }),
  );
}
