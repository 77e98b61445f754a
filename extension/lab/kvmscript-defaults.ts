import type * as z from 'zod/mini';
import type { LabDefaults } from './defaults.ts';
import * as value from './schema-values.ts';

export interface KvmscriptReading {
  readonly defaults: LabDefaults;
  /** Lines that are neither blank, nor a comment, nor an assignment with a value that we can use. */
  readonly notUnderstood: readonly KvmscriptLine[];
}

export interface KvmscriptLine {
  /** Counted from 1. */
  readonly line: number;
  readonly text: string;
}

/** What a variable's text means as a default; undefined if it cannot be used. */
type Meaning = (text: string) => LabDefaults | undefined;

/** Any other variable is for something else and left alone. */
const variables: Readonly<Record<string, Meaning>> = {
  RAM: meaning(value.memory, memory => ({ memory })),
  CPUS: meaning(value.cpus, cpus => ({ cpus }), Number),
  ACCEL: meaning(value.accel, accel => ({ accel })),
  MAC_PREFIX: meaning(value.macPrefix, macPrefix => ({ macPrefix })),
  NIC_MODEL: meaning(value.nicModel, model => ({ model })),
};

function meaning<Schema extends z.ZodMiniType>(
  schema: Schema,
  toDefaults: (value: z.output<Schema>) => LabDefaults,
  toInput: (text: string) => unknown = text => text,
): Meaning {
  return text => {
    const read = schema.safeParse(toInput(text));
    return read.success ? toDefaults(read.data) : undefined;
  };
}

/** Reads `~/.kvmscript`, shell assignments, without running it. The last assignment of a variable counts. */
export function readKvmscript(text: string): KvmscriptReading {
  let defaults: LabDefaults = {};
  const notUnderstood: KvmscriptLine[] = [];
  text.split(/\r?\n/).forEach((line, index) => {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) return;
    const assignment = readAssignment(trimmed);
    const known = assignment && Object.hasOwn(variables, assignment.name) ? variables[assignment.name] : undefined;
    if (assignment && !known) return;
    const read = assignment && known?.(assignment.value);
    if (read) defaults = { ...defaults, ...read };
    else notUnderstood.push({ line: index + 1, text: trimmed });
  });
  return { defaults, notUnderstood };
}

/** `export NAME=value`, where nothing in the value would need a shell. A comment needs a blank before it, as in a shell. */
function readAssignment(line: string): { readonly name: string; readonly value: string } | undefined {
  const match = /^(?:export\s+)?([A-Za-z_]\w*)=(?:'([^']*)'|"([^"$`\\]*)"|([^\s'"$`\\;&|<>()#]*))(?:\s+#.*)?$/.exec(
    line,
  );
  return match ? { name: match[1] ?? '', value: match[2] ?? match[3] ?? match[4] ?? '' } : undefined;
}
