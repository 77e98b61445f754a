import type * as z from 'zod/mini';
import type { DefaultsLayer } from './defaults.ts';
import * as value from './schema-values.ts';
import type { DefaultKey, DefaultSource } from './setting-source.ts';

/** Settings of VS Code that are defaults for labs, without `kvmlab.`, and what they set. */
export const defaultSettings = {
  'defaults.memory': { key: 'memory', schema: value.memory },
  'defaults.cpus': { key: 'cpus', schema: value.cpus },
  'defaults.nicModel': { key: 'model', schema: value.nicModel },
  'defaults.macPrefix': { key: 'macPrefix', schema: value.macPrefix },
  'defaults.vnc': { key: 'vnc', schema: value.flag },
} as const satisfies Readonly<Record<string, { readonly key: DefaultKey; readonly schema: z.ZodMiniType }>>;

export type DefaultSetting = keyof typeof defaultSettings;

/** What the user has set, by the names of the settings; values of any kind. */
export type SettingValues = Readonly<Partial<Record<DefaultSetting, unknown>>>;

/** As defaults. A value that cannot be used counts as not set: VS Code itself marks it where it stands. */
export function settingDefaults(values: SettingValues): DefaultsLayer {
  const read: Record<string, unknown> = {};
  const sources: Partial<Record<DefaultKey, DefaultSource>> = {};
  for (const [name, { key, schema }] of Object.entries(defaultSettings)) {
    const { success, data } = schema.safeParse(values[name as DefaultSetting]);
    if (!success) continue;
    read[key] = data;
    sources[key] = { kind: 'setting', name: `kvmlab.${name}` };
  }
  return { values: read, sources };
}

/**
 * The variable in which the terminals of VS Code hand the settings on, so that `kvmlab` writes there what the window
 * writes: JSON of `SettingValues`.
 */
export const settingsVariable = 'KVMLAB_SETTINGS';

/** Defaults of such a variable; what is no JSON of settings gives none. */
export function variableDefaults(text: string | undefined): DefaultsLayer {
  try {
    const values: unknown = JSON.parse(text ?? '{}');
    return settingDefaults(typeof values === 'object' && values !== null ? values : {});
  } catch (error) {
    if (error instanceof SyntaxError) return settingDefaults({});
    throw error;
  }
}
