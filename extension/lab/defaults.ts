import type { Accel, NicModel } from './model.ts';

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

export type CompleteDefaults = { readonly [Key in keyof LabDefaults]-?: NonNullable<LabDefaults[Key]> };

export const builtInDefaults: CompleteDefaults = {
  memory: '256M',
  cpus: 1,
  accel: 'auto',
  model: 'virtio',
  macPrefix: '52:54:00',
  vnc: false,
};

/** The stronger ones win where they say something. */
export function withDefaults(weaker: CompleteDefaults, stronger: LabDefaults): CompleteDefaults {
  return {
    memory: stronger.memory ?? weaker.memory,
    cpus: stronger.cpus ?? weaker.cpus,
    accel: stronger.accel ?? weaker.accel,
    model: stronger.model ?? weaker.model,
    macPrefix: stronger.macPrefix ?? weaker.macPrefix,
    vnc: stronger.vnc ?? weaker.vnc,
  };
}
