import { constants } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { IncludedFile } from '../lab/model.ts';
import type { IncludedFiles } from '../runtime/host.ts';
import { codeOf } from './system-error.ts';

/** What a person writes by hand is far smaller. */
const mostBytes = 1_000_000;

export interface IncludeParts {
  /** The folder that a lab file may include files of; it holds the lab file. */
  readonly rootOf: (labPath: string) => string | Promise<string>;
  /** The text of an editor, which counts more than what is on disk. */
  readonly openText?: (file: string) => string | undefined;
}

/**
 * The files that lab files include. A lab file may come from anybody, so they lie in one folder with it (the workspace), also
 * when all links are followed, and are plain files of a limited size.
 */
export class WorkspaceIncludes implements IncludedFiles {
  private readonly parts: IncludeParts;

  constructor(parts: IncludeParts) {
    this.parts = parts;
  }

  async read(labPath: string, name: string): Promise<IncludedFile> {
    const file = path.resolve(path.dirname(labPath), name);
    const found = await this.find(await this.parts.rootOf(labPath), file, name);
    return { name, path: file, ...found };
  }

  private async find(root: string, file: string, name: string): Promise<{ text: string } | { refusal: string }> {
    const outside = `${name} lies outside ${root}, and a lab includes files of its own workspace only. Move it there.`;
    if (!isInside(root, file)) return { refusal: outside };
    try {
      const [realRoot, realFile] = await Promise.all([fs.realpath(root), fs.realpath(file)]);
      if (!isInside(realRoot, realFile)) return { refusal: outside };
      const text = await readSmall(realFile);
      if (text === undefined)
        return { refusal: `${name} is no plain file of at most ${mostBytes / 1_000_000} MB. Include another one.` };
      return { text: this.parts.openText?.(file) ?? text };
    } catch (error) {
      const code = codeOf(error) ?? String(error);
      const isMissing = code === 'ENOENT' || code === 'ENOTDIR';
      if (isMissing) return { refusal: `There is no file ${name}, seen from this lab file. Correct the path.` };
      return { refusal: `${name} cannot be read (${code}). Look at its permissions.` };
    }
  }
}

const isInside = (folder: string, file: string): boolean =>
  file.startsWith(folder.endsWith(path.sep) ? folder : folder + path.sep);

/** Undefined: no plain file, or too large. A pipe is not waited for, and no link that came meanwhile is followed. */
async function readSmall(file: string): Promise<string | undefined> {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  const handle = await fs.open(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const stat = await handle.stat();
    if (!stat.isFile() || stat.size > mostBytes) return undefined;
    return (await handle.readFile()).toString('utf8');
  } finally {
    await handle.close();
  }
}

/**
 * The workspace of a lab file, where nobody says which it is: the nearest folder above it with a repository or settings of
 * VS Code, else the current folder, if the lab file lies in it, else its own folder.
 */
export async function workspaceOf(labPath: string, currentFolder: string): Promise<string> {
  const own = path.dirname(labPath);
  for (let folder = own; ; folder = path.dirname(folder)) {
    for (const mark of ['.git', '.vscode']) if (await isThere(path.join(folder, mark))) return folder;
    if (folder === path.dirname(folder)) break;
  }
  return isInside(currentFolder, labPath) ? currentFolder : own;
}

const isThere = (file: string): Promise<boolean> =>
  fs.stat(file).then(
    () => true,
    () => false,
  );
