import * as vscode from 'vscode';
import type { InstallScript, ScriptVariable } from '../../dialogue/install-script.ts';
import { scriptValues, secretVariable, type SecretSource } from '../../runtime/installs/script-values.ts';
import { baseName } from '../../runtime/paths.ts';
import type { InstallDeskParts } from './install-desk.ts';

type SecretParts = Pick<InstallDeskParts, 'secrets' | 'environment'>;

/** The user has thought better of it. */
const cancelled = (): vscode.CancellationError => new vscode.CancellationError();

export interface KnownValues {
  /** Of variables that are no secrets. */
  readonly given: ReadonlyMap<string, string>;
  /** Secrets that need not be asked for; they are not kept. */
  readonly known: ReadonlyMap<string, string>;
}

export const nothingKnown: KnownValues = { given: new Map(), known: new Map() };

/**
 * The values of a script's variables: those that are known, else the script's own, else what the user answers. Secrets come
 * from the environment, or are asked for once and kept in VS Code's secret storage.
 */
export async function askValues(
  file: string,
  script: InstallScript,
  { given, known }: KnownValues,
  parts: SecretParts,
): Promise<ReadonlyMap<string, string>> {
  const missing = script.vars.filter(({ name, isSecret, value }) => !isSecret && !value && !given.has(name));
  const values = new Map(given);
  for (const variable of missing) values.set(variable.name, await askText(file, variable));
  const kept = new KeptSecrets(file, parts);
  const secret: SecretSource['secret'] = async variable => known.get(variable.name) ?? kept.secret(variable);
  return scriptValues(script, values, { secret });
}

/** Forgets what the user has answered; gives how many. */
export async function forgetSecrets(file: string, { vars }: InstallScript, { secrets }: SecretParts): Promise<number> {
  let count = 0;
  for (const { name } of vars.filter(one => one.isSecret)) {
    if ((await secrets.get(keyOf(file, name))) !== undefined) count += 1;
    await secrets.delete(keyOf(file, name));
  }
  return count;
}

class KeptSecrets {
  private readonly file: string;
  private readonly parts: SecretParts;

  constructor(file: string, parts: SecretParts) {
    this.file = file;
    this.parts = parts;
  }

  async secret({ name, description }: Pick<ScriptVariable, 'name' | 'description'>): Promise<string> {
    const { secrets, environment } = this.parts;
    const own = environment[secretVariable(name)] ?? (await secrets.get(keyOf(this.file, name)));
    if (own !== undefined && own !== '') return own;
    const answer = await vscode.window.showInputBox({
      ...{ title: `${baseName(this.file)}: ${name}`, prompt: description ?? 'A secret of this install script.' },
      ...{ password: true, ignoreFocusOut: true },
      placeHolder: 'Kept in VS Code’s secret storage; shown and written nowhere',
      validateInput: text => (text === '' ? 'It cannot be empty.' : undefined),
    });
    if (answer === undefined) throw cancelled();
    await secrets.store(keyOf(this.file, name), answer);
    return answer;
  }
}

const keyOf = (file: string, name: string): string => JSON.stringify(['install', file, name]);

async function askText(file: string, { name, description }: ScriptVariable): Promise<string> {
  const title = `${baseName(file)}: ${name}`;
  const prompt = description ?? 'A value that this install script needs.';
  const answer = await vscode.window.showInputBox({ title, prompt, ignoreFocusOut: true });
  if (answer === undefined) throw cancelled();
  return answer;
}
