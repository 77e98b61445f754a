import * as vscode from 'vscode';
import { UserError } from '../../base/user-error.ts';
import type { LabReading } from '../../lab/model.ts';
import type { LabCheckOptions } from '../../runtime/lab-check.ts';
import { baseName, folderOf } from '../../runtime/paths.ts';
import type { PointArchives } from '../../runtime/snapshot-ports.ts';
import type { ArchiveManifest } from '../../runtime/snapshots/archive-manifest.ts';
import { exportSnapshot, type Exported } from '../../runtime/snapshots/export-snapshot.ts';
import { importIntoLab, type IntoLab, type IntoLabOrder } from '../../runtime/snapshots/import-into-lab.ts';
import { importSnapshot, openArchive } from '../../runtime/snapshots/import-snapshot.ts';
import { labThen } from '../../runtime/snapshots/lab-then.ts';
import {
  currentPoint,
  listPoints,
  pointsFolder,
  type PointedLab,
  type SnapshotParts,
} from '../../runtime/snapshots/snapshot-parts.ts';
import type { SnapshotPoint } from '../../runtime/snapshots/snapshot-point.ts';
import type { KnownPoints } from '../../runtime/snapshots/snapshot-rows.ts';
import { withProgress } from '../progress.ts';
import { editorFiles } from './editor-files.ts';

export interface SnapshotDeskParts extends Omit<SnapshotParts, 'onProgress' | 'signal'> {
  readonly readLab: (path: string) => Promise<LabReading>;
  /** How a lab is read whose files are not those on the disk. */
  readonly options: LabCheckOptions;
  readonly archives: PointArchives;
  /** Keeps other processes from the points in a folder, which it makes. Undefined: another one has them. */
  readonly lock: (folder: string) => Promise<{ release(): Promise<void> } | undefined>;
  /** Hears that there may be other points now. */
  readonly changed: () => void;
}

/** A lab as its files on the disk say it. */
export interface OpenedLab extends PointedLab {
  /** The lab file first, then what it includes. */
  readonly files: SnapshotPoint['files'];
}

/** The points of a lab, and when they were looked at. */
export interface SeenPoints extends KnownPoints {
  readonly nowMs: number;
}

/** All that is done with snapshots of labs in this window. */
export class SnapshotDesk {
  private readonly parts: SnapshotDeskParts;

  constructor(parts: SnapshotDeskParts) {
    this.parts = { ...parts, files: editorFiles(parts.files) };
  }

  /** Saves what is typed in the files of a lab, and reads it. `isSound`: it must have no mistakes. */
  async open(path: string, { isSound }: { readonly isSound: boolean }): Promise<OpenedLab> {
    const { readLab, files } = this.parts;
    const { lab, problems, included = [] } = await readLab(path);
    const name = baseName(path);
    if (!lab) throw new UserError(`${name} is no lab file that can be read.`, showProblems);
    if (isSound && problems.some(({ severity }) => severity === 'error'))
      throw new UserError(`${name} has errors. Nothing was done.`, showProblems);
    const refused = included.find(file => 'refusal' in file);
    if (isSound && refused && 'refusal' in refused)
      throw new UserError(`${refused.name} is not read: ${refused.refusal}. Nothing was done.`);
    const names = [name, ...included.map(file => file.name)];
    await saveDocuments([path, ...included.map(file => file.path)]);
    const texts = await Promise.all(names.map(one => files.read(`${folderOf(path)}/${one}`)));
    return { path, lab, files: names.flatMap((one, at) => textOf(one, texts[at])) };
  }

  async points(of: PointedLab): Promise<SeenPoints> {
    const { files, clock } = this.parts;
    return { points: await listPoints(of, this.parts), current: await currentPoint(of, files), nowMs: clock.now() };
  }

  /** Looks at a lab without changing anything. */
  async look<T>(title: string, act: (parts: SnapshotParts) => Promise<T>): Promise<T> {
    const options = { location: vscode.ProgressLocation.Window, title };
    return vscode.window.withProgress(options, () =>
      act({ ...this.parts, signal: undefined, onProgress: () => undefined }),
    );
  }

  /** Works on the points of a lab, with progress; two at the same time would be in each other's way. */
  async work<T>(of: PointedLab, title: string, act: (parts: SnapshotParts) => Promise<T>): Promise<T> {
    const lock = await this.parts.lock(pointsFolder(of));
    if (!lock)
      throw new UserError(`Another command works on the snapshots of lab ${of.lab.name}. Try again when it is done.`);
    try {
      return await withProgress(title, (report, signal) =>
        act({ ...this.parts, signal, onProgress: message => report({ message }) }),
      );
    } finally {
      await lock.release();
      this.parts.changed();
    }
  }

  /** Packs a point, over an archive of that name. */
  async exportPoint(of: PointedLab, point: SnapshotPoint, archive: string): Promise<Exported> {
    const { archives, files, options } = this.parts;
    const lab = await labThen(of.path, point, files, options);
    const order = { point, lab, archive, replaces: true };
    return this.work(of, `Exporting snapshot ${point.name}`, parts =>
      exportSnapshot(of, order, { ...parts, archives, guestFolder: options.guestFolder }),
    );
  }

  /** What an archive says of itself. */
  openArchive(archive: string): Promise<ArchiveManifest> {
    return openArchive(archive, this.parts);
  }

  /** Adds the point of an archive to those of a lab. */
  importInto(of: PointedLab, order: IntoLabOrder): Promise<IntoLab> {
    const { archives, options } = this.parts;
    return this.work(of, `Importing snapshot ${order.name} into ${of.lab.name}`, parts =>
      importIntoLab(of, order, { ...parts, archives, guestFolder: options.guestFolder }),
    );
  }

  /** Makes a lab in a new folder; gives the path of its file. */
  importPoint(archive: string, manifest: ArchiveManifest, folder: string): Promise<string> {
    return withProgress(`Importing snapshot ${manifest.point.name} of ${manifest.lab}`, (report, signal) =>
      importSnapshot(archive, manifest, folder, {
        ...this.parts,
        signal,
        onProgress: message => report({ message }),
      }),
    );
  }

  /** The lab as its file says it now, which was put back. */
  async readAgain(path: string): Promise<PointedLab['lab']> {
    const { lab } = await this.parts.readLab(path);
    if (lab) return lab;
    throw new UserError(`${path} cannot be read as a lab.`, showProblems);
  }
}

const showProblems = [{ title: 'Show Problems', command: 'workbench.actions.view.problems' }];

const textOf = (name: string, text: string | undefined): SnapshotPoint['files'] =>
  text === undefined ? [] : [{ name, text }];

/** What a snapshot keeps is what is on the disk; nobody wants to keep something else than they see. */
async function saveDocuments(paths: readonly string[]): Promise<void> {
  const typed = vscode.workspace.textDocuments.filter(
    ({ isDirty, uri }) => isDirty && uri.scheme === 'file' && paths.includes(uri.fsPath),
  );
  for (const document of typed) await document.save();
}
