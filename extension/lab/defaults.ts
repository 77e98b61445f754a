import type { Accel, NicModel } from './model.ts';
import type { DefaultKey, DefaultSource, DefaultSources } from './setting-source.ts';

/** What a VM gets for the keys that it does not have. */
export interface LabDefaults {
  readonly memory?: string | undefined;
  readonly cpus?: number | undefined;
  readonly accel?: Accel | undefined;
  readonly model?: NicModel | undefined;
  /** Three bytes: `52:54:00`. */
  readonly macPrefix?: string | undefined;
  readonly vnc?: boolean | undefined;
}

export type CompleteDefaults = { readonly [Key in DefaultKey]: NonNullable<LabDefaults[Key]> };

/** The defaults of one place, and where each of them stands there. */
export interface DefaultsLayer {
  readonly values: LabDefaults;
  readonly sources: Partial<DefaultSources>;
}

/** Defaults for everything, and where each comes from. */
export interface SourcedDefaults {
  readonly values: CompleteDefaults;
  readonly sources: DefaultSources;
}

export const builtInDefaults: CompleteDefaults = {
  memory: '256M',
  cpus: 1,
  accel: 'auto',
  model: 'virtio',
  macPrefix: '52:54:00',
  vnc: false,
};

const builtIn: DefaultSource = { kind: 'built-in' };

const weakest: SourcedDefaults = {
  values: builtInDefaults,
  sources: { memory: builtIn, cpus: builtIn, accel: builtIn, model: builtIn, macPrefix: builtIn, vnc: builtIn },
};

/** What is built in, under these layers: the later ones win where they say something. */
export const layered = (layers: readonly DefaultsLayer[]): SourcedDefaults => layers.reduce(withDefaults, weakest);

/** The stronger ones win where they say something. */
export function withDefaults(weaker: SourcedDefaults, stronger: DefaultsLayer): SourcedDefaults {
  const { values: below, sources } = weaker;
  const { values: above } = stronger;
  const from = (key: DefaultKey): DefaultSource =>
    (above[key] === undefined ? undefined : stronger.sources[key]) ?? sources[key];
  return {
    values: {
      memory: above.memory ?? below.memory,
      cpus: above.cpus ?? below.cpus,
      accel: above.accel ?? below.accel,
      model: above.model ?? below.model,
      macPrefix: above.macPrefix ?? below.macPrefix,
      vnc: above.vnc ?? below.vnc,
    },
    sources: {
      memory: from('memory'),
      cpus: from('cpus'),
      accel: from('accel'),
      model: from('model'),
      macPrefix: from('macPrefix'),
      vnc: from('vnc'),
    },
  };
}
