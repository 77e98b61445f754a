import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { DisposableStore } from './base/disposable.ts';
import { systemClock } from './host/clock.ts';
import { systemRandom } from './host/random.ts';
import type { Files, ManagementDialer, ScriptRunner } from './runtime/host.ts';
import type { LabControl } from './runtime/lab-control.ts';
import type { SameFolder } from './runtime/lab-identity.ts';
import type { FramePort } from './runtime/wire-ports.ts';
import type { LabStore } from './runtime/store.ts';
import type { WirePanels } from './vscode/wires/wire-panels.ts';
import { WireViews } from './vscode/wires/wire-views.ts';

export interface WireComposition {
  readonly store: LabStore;
  readonly files: Files;
  readonly management: ManagementDialer;
  readonly scripts: ScriptRunner;
  readonly control: LabControl;
  readonly folders: { readonly isSame: SameFolder };
  readonly extensionUri: vscode.Uri;
  readonly report: (error: unknown) => void;
  /** Resolves when the labs have been read, and what runs was looked at. */
  readonly ready: () => Promise<void>;
  /** Looks at what runs, now. */
  readonly look: () => Promise<void>;
  /** Asks the wires anew for what trees and pictures say of them. */
  readonly changed: () => Promise<void>;
}

/** The tabs that show what is wrong with wires. All but their door is loaded with the first one. */
export const composeWires = (app: DisposableStore, parts: WireComposition): WireViews =>
  app.add(new WireViews(() => makePanels(parts)));

async function makePanels(parts: WireComposition): Promise<WirePanels> {
  const { store, files, management, scripts, extensionUri, report, ready, look } = parts;
  const room = await import('./vscode/wires/wires-room.ts');
  const { PlugFrames } = await import('./host/frame-plugs.ts');
  const generate = (path: string): Promise<unknown> => parts.control.generate(path);
  const isSameFolder: SameFolder = (a, b) => parts.folders.isSame(a, b);
  const control = new room.WireControl({ store, look, management, files, scripts, generate, isSameFolder });
  const plug = (address: string): FramePort => new PlugFrames(address);
  const actions = new room.WireActions({
    probes: { management, clock: systemClock, plug, random: systemRandom },
    ...{ store, control, changed: parts.changed },
    write: (target, faults) => room.writeFaults(store, target, faults),
  });
  const isTrusted = (): boolean => vscode.workspace.isTrusted;
  return new room.WirePanels({
    ...{ store, clock: systemClock, extensionUri, ready },
    host: {
      draw: async target => {
        const live = isTrusted() ? await control.read(target) : ({ kind: 'stopped' } as const);
        const { lab } = store.lab(target.lab) ?? {};
        return room.drawWire({ target, lab, live, presets: actions.presets(target), isTrusted: isTrusted() });
      },
      ...{ actions, isTrusted, report },
    },
    nonce: () => randomBytes(16).toString('base64'),
  });
}
