import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { withLine } from '../../runtime/console/monitor-history.ts';
import type { MonitorLines } from '../../runtime/console/monitor-session.ts';
import type { ThingRef } from '../../runtime/state.ts';

/** What was given to each VM's monitor, kept with the workspace. */
export class MonitorHistory {
  private readonly memory: vscode.Memento;

  constructor(memory: vscode.Memento) {
    this.memory = memory;
  }

  of(thing: ThingRef): readonly string[] {
    return this.memory.get<readonly string[]>(keyOf(thing), []);
  }

  async add(thing: ThingRef, line: string): Promise<void> {
    await this.memory.update(keyOf(thing), withLine(this.of(thing), line));
  }

  /** The same for a terminal, which has nobody who waits until a line is kept. */
  linesOf(thing: ThingRef): MonitorLines {
    return { all: () => this.of(thing), add: line => void this.add(thing, line) };
  }
}

const keyOf = ({ lab, name }: ThingRef): string => `monitor:${JSON.stringify([lab, name])}`;

/** The answers of all monitors, one after another, in an output of their own. */
export class MonitorAnswers implements Disposable {
  private channel: vscode.OutputChannel | undefined;

  show(vm: string, line: string, answer: string): void {
    this.channel ??= vscode.window.createOutputChannel('KVM Lab Monitor');
    this.channel.append(`${vm} (qemu) ${line}\n${answer}${answer === '' || answer.endsWith('\n') ? '' : '\n'}`);
    this.channel.show(true);
  }

  dispose(): void {
    this.channel?.dispose();
  }
}
