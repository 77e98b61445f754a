import type * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import type { ConsoleRecorder } from '../../runtime/console/console-recorder.ts';
import type { ConsoleTarget } from '../../runtime/console/console-target.ts';
import type { Clock, IncludedFiles } from '../../runtime/host.ts';
import type { InstallFiles } from '../../runtime/install-ports.ts';
import type { FreshVmPorts } from '../../runtime/installs/fresh-vm.ts';
import type { ScriptRun } from '../../runtime/installs/script-run.ts';
import { tellOfInstall } from './install-news.ts';
import { InstallRuns, type InstallOrder } from './install-runs.ts';
import { Recordings } from './recordings.ts';

export interface InstallDeskParts {
  readonly included: IncludedFiles;
  /** Where values of secrets are kept. */
  readonly secrets: vscode.SecretStorage;
  /** Of the environment: a secret by its variable. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly run: (order: RunOrder) => ScriptRun;
  readonly installFiles: InstallFiles;
  /** The user's home folder, for `~/`. */
  readonly home: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly recorder: (target: ConsoleTarget) => ConsoleRecorder;
  /** Of VMs on which scripts are proved. */
  readonly fresh: FreshVmPorts;
  /** The folder over all run-time folders. */
  readonly root: string;
  readonly report: (error: unknown) => void;
}

/** A script at the console of a VM. */
export interface RunOrder extends InstallOrder {
  /** Of all its variables, secrets too. */
  readonly values: ReadonlyMap<string, string>;
  /** The VM runs already, so that what stands on its last line was printed for this run. */
  readonly hasPrompt: boolean;
  /** How long the console may take to be connected. */
  readonly connectMs: number;
  /** Where QEMU is asked. */
  readonly qmpSocket: string;
  /** Looks at whether the VM runs, now. */
  readonly isRunning: () => Promise<boolean>;
}

/**
 * All that goes on in this window with install scripts. It lives in the extension host: a window that is closed leaves the
 * guest at the step where it was, and the script can go on there.
 */
export class InstallDesk implements Disposable {
  private readonly owned = new DisposableStore();
  readonly parts: InstallDeskParts;
  readonly runs: InstallRuns;
  readonly recordings: Recordings;

  constructor(parts: InstallDeskParts) {
    this.parts = parts;
    this.runs = this.owned.add(new InstallRuns({ told: run => void tellOfInstall(run), report: parts.report }));
    this.recordings = this.owned.add(new Recordings(parts.recorder));
  }

  dispose(): void {
    this.owned.dispose();
  }
}
