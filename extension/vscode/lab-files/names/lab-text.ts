import * as vscode from 'vscode';
import { LineIndex, type TextSpan } from '../../../lab/text-span.ts';
import type { LooseTree } from '../../../language/loose-node.ts';
import { readLoosely } from '../../../language/loose-tree.ts';
import { LabIndex } from '../../../language/names/lab-index.ts';

/** The text of a lab file, with what VS Code's questions about it need; each part is made when it is first asked for. */
export class LabText {
  readonly uri: vscode.Uri;
  readonly text: string;
  private readTree: LooseTree | undefined;
  private readIndex: LabIndex | undefined;
  private readLines: LineIndex | undefined;

  constructor(uri: vscode.Uri, text: string) {
    this.uri = uri;
    this.text = text;
  }

  get tree(): LooseTree {
    return (this.readTree ??= readLoosely(this.text));
  }

  get index(): LabIndex {
    return (this.readIndex ??= new LabIndex(this.text, this.tree));
  }

  range({ start, end }: TextSpan): vscode.Range {
    return new vscode.Range(this.position(start), this.position(end));
  }

  location(span: TextSpan): vscode.Location {
    return new vscode.Location(this.uri, this.range(span));
  }

  private position(offset: number): vscode.Position {
    this.readLines ??= new LineIndex(this.text);
    const { line, column } = this.readLines.position(offset);
    return new vscode.Position(line, column);
  }
}

interface Held {
  readonly version: number;
  readonly labText: LabText;
}

const held = new WeakMap<vscode.TextDocument, Held>();

/** Of a document as it is now. VS Code asks many things of one version, one after the other, and it is read once. */
export function labTextOf(document: vscode.TextDocument): LabText {
  const known = held.get(document);
  if (known?.version === document.version) return known.labText;
  const labText = new LabText(document.uri, document.getText());
  held.set(document, { version: document.version, labText });
  return labText;
}

export const spanOf = (document: vscode.TextDocument, range: vscode.Range): TextSpan => ({
  start: document.offsetAt(range.start),
  end: document.offsetAt(range.end),
});
