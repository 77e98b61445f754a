import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import { Coalescer } from '../../runtime/coalescer.ts';
import type { Finding } from '../../runtime/doctor/check.ts';
import { examine } from '../../runtime/doctor/doctor.ts';
import { count } from '../../runtime/views/tree-node.ts';
import type { HostProblemsParts } from './host-problems-parts.ts';

/** Lab files change with each letter that is typed. */
const pauseMs = 1500;

/** Looks at the host when lab files have changed, a moment later, and says how much is wrong. */
export class HostProblemsItem implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly parts: HostProblemsParts;
  private readonly item: vscode.StatusBarItem;
  private readonly looks: Coalescer;
  /** The readings of the labs at the last look: what runs is no reason to look again. */
  private seen: readonly unknown[] = [];
  private shown: string | undefined;

  constructor(parts: HostProblemsParts) {
    this.parts = parts;
    this.item = vscode.window.createStatusBarItem('kvmlab.doctor', vscode.StatusBarAlignment.Left);
    this.item.name = 'KVM Lab: This Host';
    this.item.command = 'kvmlab.doctor';
    this.item.backgroundColor = new vscode.ThemeColor('statusBarItem.warningBackground');
    this.looks = this.owned.add(new Coalescer(parts.clock, pauseMs, () => void this.show().catch(parts.report)));
    this.owned.add(this.item);
    this.owned.add(parts.store.onDidChange(() => this.hasNewReading() && this.look()));
    this.look();
  }

  get text(): string | undefined {
    return this.shown;
  }

  look(): void {
    this.looks.request();
  }

  dispose(): void {
    this.owned.dispose();
  }

  private hasNewReading(): boolean {
    const readings = this.parts.store.labs.map(({ reading }) => reading);
    const isNew = readings.length !== this.seen.length || readings.some((one, at) => one !== this.seen[at]);
    this.seen = readings;
    return isNew;
  }

  private async show(): Promise<void> {
    const wrong = vscode.workspace.isTrusted ? await this.wrongThings() : [];
    this.shown = wrong.length === 0 ? undefined : `${count(wrong.length, 'problem')} with this host`;
    if (this.shown === undefined) this.item.hide();
    else {
      this.item.text = `$(warning) ${this.shown}`;
      this.item.tooltip = [
        'KVM Lab: what labs need of this host',
        ...wrong.map(one => `${one.title}: ${one.found}`),
      ].join('\n');
      this.item.show();
    }
  }

  /** Of all labs, each once. A tap that is not there yet is no fault: its switch makes it. */
  private async wrongThings(): Promise<readonly Finding[]> {
    const { store, doctor } = this.parts;
    const labs = store.labs.flatMap(({ path, lab }) => (lab ? [{ path, lab, snapshot: store.lab(path) }] : []));
    const found = await Promise.all(labs.map(lab => examine(lab, doctor, { tryKvm: false })));
    const wrong = found.flat().filter(({ id, state }) => state === 'wrong' && !id.startsWith('tap-'));
    return [...new Map(wrong.map(one => [`${one.id} ${one.found}`, one])).values()];
  }
}
