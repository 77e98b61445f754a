import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { encodeUtf8, Utf8Decoder } from '../../console/utf8.ts';

const scheme = 'kvmlab-merge';

/** Results of merges while they are made, in memory: also where VS Code saves by itself, no script is written by that. */
export class MergeFiles implements vscode.FileSystemProvider, Disposable {
  private readonly held = new Map<string, { readonly bytes: Uint8Array; readonly version: number }>();
  private readonly changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.changed.event;
  private readonly registration = vscode.workspace.registerFileSystemProvider(scheme, this, { isCaseSensitive: true });

  /** Where the result for this script can be edited. */
  hold(path: string, text: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme, path });
    this.writeFile(uri, encodeUtf8(text));
    return uri;
  }

  /** The result as it was saved last. */
  text(uri: vscode.Uri): string {
    return new Utf8Decoder().push(this.readFile(uri));
  }

  stat(uri: vscode.Uri): vscode.FileStat {
    const { bytes, version } = this.find(uri);
    return { type: vscode.FileType.File, ctime: 0, mtime: version, size: bytes.length };
  }

  readFile(uri: vscode.Uri): Uint8Array {
    return this.find(uri).bytes;
  }

  writeFile(uri: vscode.Uri, bytes: Uint8Array): void {
    this.held.set(uri.path, { bytes, version: (this.held.get(uri.path)?.version ?? 0) + 1 });
    this.changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  dispose(): void {
    this.registration.dispose();
    this.changed.dispose();
  }

  private find(uri: vscode.Uri) {
    const found = this.held.get(uri.path);
    if (!found) throw vscode.FileSystemError.FileNotFound(uri);
    return found;
  }
}
