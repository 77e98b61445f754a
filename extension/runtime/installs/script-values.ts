import { UserError } from '../../base/user-error.ts';
import type { InstallScript, ScriptVariable } from '../../dialogue/install-script.ts';
import { fillTemplate } from '../../dialogue/template.ts';

/** Where the value of a secret comes from. */
export interface SecretSource {
  /** Undefined: it is not known, and nobody can be asked. */
  secret(variable: Pick<ScriptVariable, 'name' | 'description'>): Promise<string | undefined>;
}

/** The environment variable that holds a secret: `KVMLAB_SECRET_ROOT_PASSWORD`. */
export const secretVariable = (name: string): string => `KVMLAB_SECRET_${name.toUpperCase().replaceAll('-', '_')}`;

/**
 * The values of a script's variables: those that are given, else its own. Rejects with a UserError that says which is
 * missing or unknown. A secret is never given with the others, as they stand on a command line or in a lab file.
 */
export async function scriptValues(
  script: InstallScript,
  given: ReadonlyMap<string, string>,
  secrets: SecretSource,
): Promise<ReadonlyMap<string, string>> {
  refuseUnknown(script, given);
  const values = new Map<string, string>();
  for (const variable of script.vars) values.set(variable.name, await valueOf(variable, values, given, secrets));
  return values;
}

function refuseUnknown({ vars }: InstallScript, given: ReadonlyMap<string, string>): void {
  for (const name of given.keys()) {
    const variable = vars.find(one => one.name === name);
    if (!variable) {
      const known = vars.map(one => one.name).join(', ') || 'none';
      throw new UserError(`The script has no variable ${name}. It has: ${known}.`);
    }
    if (variable.isSecret)
      throw new UserError(`${name} is a secret, and others could read it there. Set ${secretVariable(name)} instead.`);
  }
}

async function valueOf(
  variable: ScriptVariable,
  values: ReadonlyMap<string, string>,
  given: ReadonlyMap<string, string>,
  secrets: SecretSource,
): Promise<string> {
  const { name, isSecret, value } = variable;
  if (isSecret) {
    const secret = await secrets.secret(variable);
    if (secret !== undefined && secret !== '') return secret;
    throw new UserError(`The script needs the secret ${name}. Set it in the environment: ${secretVariable(name)}.`);
  }
  const own = given.get(name);
  if (own !== undefined) return own;
  const filled = value && fillTemplate(value, values);
  if (filled && 'text' in filled) return filled.text;
  const reason = filled ? `, as its default needs ${filled.missing}` : '';
  throw new UserError(`The script needs a value for ${name}${reason}. Give it with --var ${name}=VALUE.`);
}
