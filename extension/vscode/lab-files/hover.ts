import * as vscode from 'vscode';
import { UserError } from '../../base/user-error.ts';
import { hoverAt } from '../../language/hover.ts';
import { labOfFile } from '../../runtime/lab-of-file.ts';
import { stateWords } from '../../runtime/views/tree-node.ts';
import type { RunState } from '../../runtime/state.ts';
import type { WritingParts } from './writing-parts.ts';

/** What there is to say of the word at a place of a lab file. */
export async function hover(
  document: vscode.TextDocument,
  position: vscode.Position,
  { store, switches }: WritingParts,
): Promise<vscode.Hover | undefined> {
  const snapshot = labOfFile(store, document.uri.fsPath);
  const words = (states: ReadonlyMap<string, RunState> | undefined, name: string): string | undefined =>
    states ? stateWords(states.get(name) ?? { kind: 'stopped' }, name) : undefined;
  const found = await hoverAt(document.getText(), document.offsetAt(position), {
    lab: snapshot?.lab,
    vmState: name => words(snapshot?.vms, name),
    switchState: name => words(snapshot?.switches, name),
    livePorts: name => portsInUse(snapshot?.switches.get(name), { store, switches }),
  });
  if (!found) return undefined;
  const range = new vscode.Range(document.positionAt(found.span.start), document.positionAt(found.span.end));
  return new vscode.Hover(new vscode.MarkdownString(found.markdown), range);
}

/** Of a switch that runs; one that does not answer is no reason to show nothing of the rest. */
async function portsInUse(
  state: RunState | undefined,
  { store, switches }: Pick<WritingParts, 'store' | 'switches'>,
): Promise<number | undefined> {
  const running = state?.kind === 'running' ? store.host.switches.find(({ pid }) => pid === state.pid) : undefined;
  if (!running) return undefined;
  try {
    const { ports } = switches.picture(running.pid) ?? (await switches.look(running));
    return ports.filter(({ owners }) => owners.length > 0).length;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
