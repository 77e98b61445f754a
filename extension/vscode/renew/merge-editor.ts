import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import { Emitter } from '../../base/emitter.ts';
import type { ScriptPlan } from '../../runtime/renew/renew-plan.ts';
import { clashWords, suggestionWords } from '../../runtime/renew/renew-words.ts';
import { MergeFiles } from './merge-files.ts';
import type { ScriptTexts } from './script-texts.ts';

/** VS Code's own command, as its Git extension uses it; not part of the interface for extensions. */
const openCommand = '_open.mergeEditor';

/** Whether this VS Code has an editor that merges three ways. */
export const hasMergeEditor = async (): Promise<boolean> =>
  (await vscode.commands.getCommands(false)).includes(openCommand);

/** The merge editors of one renewal: each script's result begins with what is suggested, and nothing of it is written. */
export class MergeEditors implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly files = this.owned.add(new MergeFiles());
  private readonly opened = new Map<string, vscode.Uri>();
  private readonly texts: ScriptTexts;

  constructor(texts: ScriptTexts) {
    this.texts = texts;
  }

  async show({ name, path, renewal, existing = '', generated }: ScriptPlan): Promise<vscode.Uri> {
    const { threeWays } = await import('../../runtime/script-room.ts');
    const ways = threeWays(existing, generated);
    const why = renewal.clashes.map(clash => `${clashWords(clash)}; ${suggestionWords(clash)}`).join('. ');
    const output = this.opened.get(name) ?? this.files.hold(path, ways.suggested);
    this.opened.set(name, output);
    const input = (what: string, title: string, text: string) => ({
      ...{ uri: this.texts.hold(path, what, text), title, description: name, detail: why },
    });
    await vscode.commands.executeCommand(openCommand, {
      base: this.texts.hold(path, 'base', ways.base),
      input1: input('mine', 'Yours', ways.mine),
      input2: input('lab', 'Lab File', ways.lab),
      output,
    });
    return output;
  }

  /** Opens the editor of a script and waits until the user closes it; gives what was saved there. Undefined: called off. */
  async merge(script: ScriptPlan): Promise<string | undefined> {
    const title = `${script.name}: take what counts into the result, then close this editor. Nothing is written before.`;
    const location = vscode.ProgressLocation.Notification;
    return vscode.window.withProgress({ location, title, cancellable: true }, async (_, cancelled) => {
      const closed = new ClosedResults();
      try {
        const output = await this.show(script);
        await vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup');
        return (await closed.wait(output, cancelled)) ? this.files.text(output) : undefined;
      } finally {
        closed.dispose();
      }
    });
  }

  /** Closes those that are still open. */
  async close(): Promise<void> {
    const uris = new Set([...this.opened.values()].map(String));
    const tabs = vscode.window.tabGroups.all.flatMap(group => group.tabs);
    await vscode.window.tabGroups.close(tabs.filter(tab => uris.has(String(resultOf(tab)))));
  }

  dispose(): void {
    this.owned.dispose();
  }
}

/** Results whose editors are closed, from now on: the user may be faster than whatever else has to be done first. */
class ClosedResults implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly closed = new Set<string>();
  private readonly changed = this.owned.add(new Emitter<void>());

  constructor() {
    this.owned.add(
      vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
        for (const tab of closed) this.closed.add(String(resultOf(tab)));
        this.changed.fire();
      }),
    );
  }

  /** False: called off before. */
  wait(result: vscode.Uri, cancelled: vscode.CancellationToken): Promise<boolean> {
    return new Promise(resolve => {
      const look = (): void => {
        if (this.closed.has(String(result))) resolve(true);
      };
      this.owned.add(this.changed.event(look));
      this.owned.add(cancelled.onCancellationRequested(() => resolve(false)));
      look();
    });
  }

  dispose(): void {
    this.owned.dispose();
  }
}

/** What a merge editor writes to. Its tab says so, though the interface for extensions has no name for its kind. */
function resultOf({ input }: vscode.Tab): vscode.Uri | undefined {
  if (typeof input !== 'object' || input === null || !('result' in input)) return undefined;
  return input.result instanceof vscode.Uri ? input.result : undefined;
}
