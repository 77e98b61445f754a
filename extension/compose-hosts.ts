import * as vscode from 'vscode';
import type { DisposableStore } from './base/disposable.ts';
import { systemClock } from './host/clock.ts';
import { TelnetDialer } from './host/console-dialer.ts';
import { TcpDisplayDialer } from './host/display-dialer.ts';
import type { ConsoleDialer, DisplayDialer } from './runtime/console-ports.ts';
import type { AskedHosts, FarWatch } from './runtime/hosts/far-watch.ts';
import { farHostOf } from './runtime/hosts/thing-places.ts';
import type { RemoteHosts } from './runtime/remote-ports.ts';
import type { LabStore } from './runtime/store.ts';
import { setting } from './vscode/settings.ts';
import type { SeenView } from './vscode/trees/watching.ts';

export interface HostParts {
  readonly store: Pick<LabStore, 'lab'>;
  /** What reaches other hosts: loaded with the first one. */
  readonly remote: () => Promise<RemoteHosts>;
}

/** A VM of a lab, by the path of its file. */
interface VmPlace {
  readonly lab: string;
  readonly vm: string;
}

/** To the consoles of a VM of another host; it may be moved meanwhile, so each try asks where it is. */
export function farConsoles(parts: HostParts, of: VmPlace): ConsoleDialer {
  const here = new TelnetDialer();
  return {
    isFar: true,
    open: async (port, signal) => (await farDialer(parts, of))?.(port, signal) ?? here.open(port, signal),
  };
}

/** To the display of a VM, wherever it runs. */
export function displayDialer(parts: HostParts, of: VmPlace): DisplayDialer {
  const here = new TcpDisplayDialer();
  return { open: async (port, signal) => (await farDialer(parts, of))?.(port, signal) ?? here.open(port, signal) };
}

/** Undefined: it is on this host. */
async function farDialer(
  { store, remote }: HostParts,
  { lab, vm }: VmPlace,
): Promise<DisplayDialer['open'] | undefined> {
  const snapshot = store.lab(lab);
  const host = snapshot && farHostOf(snapshot, vm);
  if (!host) return undefined;
  const hosts = await remote();
  return (port, signal) => hosts.connect(host, port, signal);
}

const memoryKey = 'kvmlab.askedHosts';
/** A look at another host is a program there, through ssh. */
const intervals = 5;

/** Looks at the other hosts of labs while one of the views is on the screen. Gives what asks all of them, now. */
export function watchHosts(
  app: DisposableStore,
  parts: HostParts & { readonly store: LabStore },
  memory: vscode.Memento,
  views: readonly SeenView[],
): () => Promise<void> {
  const { store } = parts;
  const isLooking = (): boolean => vscode.workspace.isTrusted && views.some(view => view.visible);
  const intervalMs = (): number => setting('watch.intervalSeconds') * intervals * 1000;
  let made: Promise<FarWatch> | undefined;
  const make = async (): Promise<FarWatch> => {
    const { FarWatch } = await import('./runtime/hosts/far-watch.ts');
    const watch = app.add(new FarWatch({ ...parts, clock: systemClock, asked: askedHosts(memory), intervalMs }));
    watch.setLooking(isLooking());
    return watch;
  };
  const follow = (): void => {
    if (!made && store.labs.some(({ lab }) => lab?.hosts)) made = make();
  };
  const adapt = async (): Promise<void> => (await made)?.setLooking(isLooking());
  app.add(store.onDidChange(follow));
  for (const view of views) app.add(view.onDidChangeVisibility(() => void adapt()));
  app.add(vscode.workspace.onDidGrantWorkspaceTrust(() => void adapt()));
  return async () => {
    if (vscode.workspace.isTrusted) await (await made)?.refresh();
  };
}

function askedHosts(memory: vscode.Memento): AskedHosts {
  const keys = new Set(memory.get<readonly string[]>(memoryKey, []));
  return {
    has: key => keys.has(key),
    add: key => {
      if (keys.has(key)) return;
      keys.add(key);
      void memory.update(memoryKey, [...keys]);
    },
  };
}
