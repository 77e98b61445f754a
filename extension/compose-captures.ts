import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { DisposableStore } from './base/disposable.ts';
import { CaptureMarkFiles } from './host/capture-marks.ts';
import { KvmlabCaptures } from './host/capture-process.ts';
import { systemClock } from './host/clock.ts';
import { FileLogReader } from './host/log-reader.ts';
import { SpawnedKvmlab } from './host/kvmlab-program.ts';
import { LinuxProcessTable } from './host/process-table.ts';
import { Tshark } from './host/tshark.ts';
import { settingsVariable } from './lab/setting-defaults.ts';
import { CaptureRows } from './runtime/capture/capture-rows.ts';
import { CaptureWatch } from './runtime/capture/capture-watch.ts';
import type { CaptureProcesses } from './runtime/capture-ports.ts';
import type { KvmlabProgram } from './runtime/kvmlab-ports.ts';
import type { LabStore } from './runtime/store.ts';
import type { TreeNode } from './runtime/views/tree-node.ts';
import { defaultSettingValues } from './vscode/lab-files/default-settings.ts';
import { PacketPanels } from './vscode/captures/packet-panels.ts';
import type { TreeProvider, TreeRow } from './vscode/trees/tree-provider.ts';

export interface CaptureRoom {
  readonly captures: CaptureWatch;
  readonly captureProcesses: CaptureProcesses;
  readonly packets: PacketPanels;
  /** For what goes on, or has to be put back, also when the window is closed. */
  readonly kvmlab: KvmlabProgram;
  /** Says in a tree's rows what is being captured. A tree keeps its own. */
  readonly rows: () => (root: TreeNode) => TreeNode;
}

export interface CaptureParts {
  readonly store: LabStore;
  /** The folder over all run-time folders. */
  readonly root: string;
  readonly extensionUri: vscode.Uri;
  readonly report: (error: unknown) => void;
}

/** Everything that captures frames, and shows them. */
export function composeCaptures(
  app: DisposableStore,
  { store, root, extensionUri, report }: CaptureParts,
): CaptureRoom {
  const marks = new CaptureMarkFiles(root, new LinuxProcessTable());
  const captures = app.add(new CaptureWatch({ marks, sizes: new FileLogReader(), clock: systemClock }));
  const cli = vscode.Uri.joinPath(extensionUri, 'dist/cli.js').fsPath;
  const processes = new KvmlabCaptures(cli);
  const decoders = new Tshark();
  const packets = app.add(
    new PacketPanels({
      extensionUri,
      nonce: () => randomBytes(16).toString('base64'),
      host: {
        makeSession: async ({ operand, filter }) => {
          const { PacketSession, captureOperands } = await import('./runtime/capture/packet-room.ts');
          const operands = [...captureOperands(operand, store.labs), ...(filter === '' ? [] : ['--filter', filter])];
          return new PacketSession(operands, { processes, decoders, clock: systemClock });
        },
        isTrusted: () => vscode.workspace.isTrusted,
        save: async ({ title }, pcap) =>
          (await import('./vscode/captures/capture-commands.ts')).savePackets(title, pcap),
        report,
      },
    }),
  );
  const known = {
    captures: () => captures.captures,
    labName: (path: string) => store.lab(path)?.lab?.name,
    switchOf: (pid: number) => store.host.switches.find(one => one.pid === pid),
  };
  const rows = (): ((root: TreeNode) => TreeNode) => {
    const drawer = new CaptureRows(known);
    return root => drawer.apply(root);
  };
  const kvmlab = new SpawnedKvmlab(cli, () => ({ [settingsVariable]: JSON.stringify(defaultSettingValues()) }));
  return { captures, captureProcesses: processes, packets, kvmlab, rows };
}

/** Has the captures looked at while one of the trees is on the screen, and drawn in them. */
export function showCaptures(
  app: DisposableStore,
  captures: CaptureWatch,
  trees: readonly { readonly view: vscode.TreeView<TreeRow>; readonly provider: TreeProvider }[],
): void {
  const adapt = (): void => captures.setLooking(trees.some(({ view }) => view.visible));
  for (const { view } of trees) app.add(view.onDidChangeVisibility(adapt));
  app.add(
    captures.onDidChange(() => {
      void vscode.commands.executeCommand('setContext', 'kvmlab.isCapturing', captures.captures.length > 0);
      for (const { provider } of trees) provider.refresh();
    }),
  );
  adapt();
}
