import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import type { LabReading } from '../../lab/model.ts';
import type { YamlPieces } from '../../lab/reading/yaml-pieces.ts';
import type { Clock, Files } from '../../runtime/host.ts';
import type { LabStore } from '../../runtime/store.ts';
import { labFilePattern, languageId } from '../commands.ts';
import type * as readingRoom from './reading-room.ts';

/** Reads and checks one text by itself. `pieces`: what was parsed of it before, if it is being edited. */
export type LabCheck = (path: string, text: string, pieces: YamlPieces | undefined) => Promise<LabReading>;

export interface LabFilesParts {
  readonly store: LabStore;
  readonly files: Files;
  readonly clock: Clock;
  readonly check: LabCheck;
  readonly log: vscode.LogOutputChannel;
}

interface HeldLab {
  readonly text: string;
  readonly reading: LabReading;
}

/** What a lab file may include; events of all others are passed by. */
const yamlPattern = '**/*.{yaml,yml}';

/** What takes no longer is done for every letter, as soon as the editor has had its turn. */
const quickMs = 50;
const quickPauseMs = 5;
/** For what takes longer: long enough not to check every letter of a word, short enough to feel at once. */
const typingPauseMs = 200;

/**
 * Finds the lab files of the workspace, reads them and reads them again when they change. What stands in an editor
 * counts more than what is on disk. Does nothing until somebody asks for the labs.
 */
export class LabFiles implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly parts: LabFilesParts;
  private readonly held = new Map<string, HeldLab>();
  /** Files in the workspace; others are held only while they are open. */
  private readonly found = new Set<string>();
  private readonly pauses = new Map<string, Disposable>();
  private readonly turns = new Map<string, number>();
  /** Of the files that are open. */
  private readonly pieces = new Map<string, YamlPieces>();
  /** How long it took the last time to read a file again and to tell everybody, in milliseconds. */
  private readonly tookMs = new Map<string, number>();
  private firstReading: Promise<void> | undefined;
  private room: typeof readingRoom | undefined;

  constructor(parts: LabFilesParts) {
    this.parts = parts;
    this.owned.add(vscode.workspace.onDidOpenTextDocument(document => void (isLabFile(document) && this.whenRead())));
    // The file that activated us was open before we could listen; activation itself is not to wait for it.
    const isOneOpen = vscode.workspace.textDocuments.some(isLabFile);
    if (isOneOpen) this.owned.add(parts.clock.after(0, () => void this.whenRead()));
    this.owned.add({ dispose: () => [...this.pauses.values()].forEach(pause => pause.dispose()) });
  }

  /** Resolves when every lab of the workspace has been read once. The first call begins. */
  whenRead(): Promise<void> {
    this.firstReading ??= this.begin();
    return this.firstReading;
  }

  /** Finds and reads all again: images may have come or gone. */
  async refresh(): Promise<void> {
    await this.whenRead();
    await this.findAndRead();
  }

  /** Reads one lab again, with all checks. Undefined: it is neither in the workspace nor open. */
  async readNow(path: string): Promise<LabReading | undefined> {
    await this.whenRead();
    await this.read(path);
    this.publish();
    return this.parts.store.lab(path)?.reading;
  }

  /** The text from which the lab in the store was read. */
  textOf(path: string): string | undefined {
    return this.held.get(path)?.text;
  }

  dispose(): void {
    this.owned.dispose();
  }

  private async begin(): Promise<void> {
    this.room = await import('./reading-room.ts');
    const watcher = this.owned.add(vscode.workspace.createFileSystemWatcher(labFilePattern));
    const changed = (uri: vscode.Uri): void => {
      if (uri.scheme !== 'file' || uri.path.includes('/node_modules/')) return;
      this.found.add(uri.fsPath);
      this.later(uri.fsPath);
    };
    this.owned.add(watcher.onDidCreate(changed));
    this.owned.add(watcher.onDidChange(changed));
    this.owned.add(
      watcher.onDidDelete(async uri => {
        // The event may be late: who deletes a file and writes it anew has it again by now.
        if (await this.parts.files.exists(uri.fsPath)) changed(uri);
        else this.forget(uri.fsPath);
      }),
    );
    const onDocument = (document: vscode.TextDocument): void => {
      if (isLabFile(document)) this.later(document.uri.fsPath);
      else if (document.uri.scheme === 'file') this.laterWhoInclude(document.uri.fsPath);
    };
    const yaml = this.owned.add(vscode.workspace.createFileSystemWatcher(yamlPattern));
    for (const event of [yaml.onDidCreate, yaml.onDidChange, yaml.onDidDelete])
      this.owned.add(event(uri => this.laterWhoInclude(uri.fsPath)));
    this.owned.add(vscode.workspace.onDidOpenTextDocument(onDocument));
    this.owned.add(vscode.workspace.onDidCloseTextDocument(onDocument));
    this.owned.add(vscode.workspace.onDidSaveTextDocument(onDocument));
    this.owned.add(vscode.workspace.onDidChangeTextDocument(({ document }) => onDocument(document)));
    await this.findAndRead();
  }

  private async findAndRead(): Promise<void> {
    const uris = await vscode.workspace.findFiles(labFilePattern, '**/node_modules/**');
    const paths = uris.filter(uri => uri.scheme === 'file').map(uri => uri.fsPath);
    for (const path of this.found) if (!paths.includes(path)) this.forget(path);
    for (const path of paths) this.found.add(path);
    const open = vscode.workspace.textDocuments.filter(isLabFile).map(document => document.uri.fsPath);
    await Promise.all([...new Set([...paths, ...open])].map(path => this.read(path)));
    this.publish();
  }

  /** A file has changed that labs may include. */
  private laterWhoInclude(file: string): void {
    for (const [path, { reading }] of this.held)
      if (reading.included?.some(one => one.path === file) === true) this.later(path);
  }

  private later(path: string): void {
    this.pauses.get(path)?.dispose();
    const { clock } = this.parts;
    const readNow = async (): Promise<void> => {
      const begin = clock.now();
      await this.read(path);
      this.publish();
      this.tookMs.set(path, clock.now() - begin);
    };
    const isQuick = (this.tookMs.get(path) ?? Infinity) <= quickMs;
    this.pauses.set(
      path,
      clock.after(isQuick ? quickPauseMs : typingPauseMs, () => void readNow()),
    );
  }

  /** Never rejects: what cannot be read is logged, and the lab is as it was. */
  private async read(path: string): Promise<void> {
    const turn = (this.turns.get(path) ?? 0) + 1;
    this.turns.set(path, turn);
    try {
      const text = await this.currentText(path);
      const reading = text === undefined ? undefined : await this.parts.check(path, text, this.piecesOf(path));
      // A later change may have overtaken this one while the disk was asked.
      if (this.turns.get(path) !== turn) return;
      if (text === undefined || reading === undefined) this.forget(path);
      else this.held.set(path, { text, reading });
    } catch (error) {
      this.parts.log.error(`${path} cannot be read: ${String(error)}`);
    }
  }

  /** VS Code holds documents for minutes after their tab and their file are gone: such a text is none. */
  private async currentText(path: string): Promise<string | undefined> {
    const open = openLabFile(path);
    if (!open) return this.found.has(path) ? this.parts.files.read(path) : undefined;
    const isThere = open.isDirty || this.found.has(path) || (await this.parts.files.exists(path));
    return isThere ? open.getText() : undefined;
  }

  /** Undefined: nobody is typing there. */
  private piecesOf(path: string): YamlPieces | undefined {
    const isOpen = openLabFile(path) !== undefined;
    if (isOpen && this.room && !this.pieces.has(path)) this.pieces.set(path, new this.room.YamlPieces());
    if (!isOpen) this.pieces.delete(path);
    return this.pieces.get(path);
  }

  private forget(path: string): void {
    this.found.delete(path);
    for (const map of [this.turns, this.pieces, this.tookMs]) map.delete(path);
    this.pauses.get(path)?.dispose();
    if (!this.held.delete(path)) return;
    this.parts.store.removeLab(path);
    this.publish();
  }

  /** Checks the labs against each other and tells the store of those that changed. */
  private publish(): void {
    const labs = [...this.held].flatMap(([path, { reading }]) => (reading.lab ? [{ path, lab: reading.lab }] : []));
    const clashes = this.room?.checkWorkspace(labs);
    for (const [path, { reading }] of this.held) {
      const before = this.parts.store.lab(path)?.reading;
      const next = { ...reading, problems: [...reading.problems, ...(clashes?.get(path) ?? [])] };
      const isSame = before?.lab === next.lab && JSON.stringify(before?.problems) === JSON.stringify(next.problems);
      if (!isSame) this.parts.store.setReading(path, next);
    }
  }
}

export const isLabFile = (document: vscode.TextDocument): boolean =>
  document.languageId === languageId && document.uri.scheme === 'file';

const openLabFile = (path: string): vscode.TextDocument | undefined =>
  vscode.workspace.textDocuments.find(document => isLabFile(document) && document.uri.fsPath === path);
