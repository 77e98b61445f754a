import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import type { ConsoleRecorder } from '../../runtime/console/console-recorder.ts';
import type { ConsoleTarget } from '../../runtime/console/console-target.ts';
import { targetKey } from '../../runtime/console/terminal-target.ts';

/** A console of which all that is printed and typed is being written down. */
export interface RunningRecording {
  readonly target: ConsoleTarget;
  readonly recorder: ConsoleRecorder;
}

/** Set while there is one; menus look at it. */
const recordingContext = 'kvmlab.isRecording';

/** The recordings of this window. The status bar says so as long as there is one; a click ends it. */
export class Recordings implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly changed = this.owned.add(new Emitter<void>());
  private readonly running = new Map<string, RunningRecording>();
  private readonly make: (target: ConsoleTarget) => ConsoleRecorder;

  /** `make`: of a console of a VM of a lab. */
  constructor(make: (target: ConsoleTarget) => ConsoleRecorder) {
    this.make = make;
    this.owned.add(this.showItem());
    this.owned.add({ dispose: () => [...this.running.keys()].forEach(key => this.take(key)?.recorder.dispose()) });
  }

  get all(): readonly RunningRecording[] {
    return [...this.running.values()];
  }

  /** False: this console is being recorded already. */
  async start(target: ConsoleTarget): Promise<boolean> {
    const key = targetKey(target);
    if (this.running.has(key)) return false;
    const recorder = this.make(target);
    this.running.set(key, { target, recorder });
    this.changed.fire();
    await recorder.start();
    return true;
  }

  /** Ends one; what it has is the caller's, who disposes the recorder. Undefined: there is none. */
  stop(target: ConsoleTarget): RunningRecording | undefined {
    return this.take(targetKey(target));
  }

  dispose(): void {
    this.owned.dispose();
  }

  private take(key: string): RunningRecording | undefined {
    const found = this.running.get(key);
    if (this.running.delete(key)) this.changed.fire();
    return found;
  }

  private showItem(): Disposable {
    const owned = new DisposableStore();
    const item = owned.add(vscode.window.createStatusBarItem('kvmlab.recording', vscode.StatusBarAlignment.Left, 101));
    item.name = 'KVM Lab: Recording';
    item.command = 'kvmlab.stopRecording';
    item.backgroundColor = new vscode.ThemeColor('statusBarItem.errorBackground');
    item.tooltip = 'What is typed on this console becomes an install script. Click to stop.';
    owned.add(
      this.changed.event(() => {
        const names = this.all.map(({ target }) => target.vm).join(', ');
        item.text = `$(record) Recording ${names}`;
        item.accessibilityInformation = { label: `The console of ${names} is being recorded; press to stop` };
        void vscode.commands.executeCommand('setContext', recordingContext, names !== '');
        if (names === '') item.hide();
        else item.show();
      }),
    );
    return owned;
  }
}
