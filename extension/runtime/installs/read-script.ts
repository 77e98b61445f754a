import type { ScriptReading } from '../../dialogue/install-script.ts';
import { readInstallScript } from '../../dialogue/reading/read-install-script.ts';
import type { IncludedFile } from '../../lab/model.ts';
import { UserError } from '../../base/user-error.ts';
import type { Files, IncludedFiles } from '../host.ts';

/** A script with the files that it includes, also through others. */
export interface WholeReading extends ScriptReading {
  readonly included: readonly IncludedFile[];
}

/** A saved script. Rejects with a UserError if it is not there. `path`: absolute. */
export async function readScriptFile(
  path: string,
  files: Pick<Files, 'read'>,
  included: IncludedFiles | undefined,
): Promise<WholeReading & { readonly text: string }> {
  const text = await files.read(path);
  if (text === undefined) throw new UserError(`There is no install script ${path}.`);
  return { text, ...(await readScriptText(path, text, included)) };
}

/** Nobody has so many by hand; what is left out is a problem at the step that includes it. */
const mostFiles = 50;

/** Reads an install script with all that it includes. `path`: where it lies, or would if it were saved. */
export async function readScriptText(
  path: string,
  text: string,
  included: IncludedFiles | undefined,
): Promise<WholeReading> {
  const brought = new Map<string, IncludedFile>();
  for (;;) {
    const missing = new Map<string, readonly [from: string, name: string]>();
    const reading = readInstallScript(text, (from = path, name) => {
      const key = JSON.stringify([from, name]);
      const file = brought.get(key);
      if (!file && included && brought.size < mostFiles) missing.set(key, [from, name]);
      return file;
    });
    if (missing.size === 0) return { ...reading, included: [...brought.values()] };
    for (const [key, [from, name]] of missing) {
      const file = await included?.read(from, name);
      if (file) brought.set(key, file);
    }
  }
}
