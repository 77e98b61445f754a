import type { TextSpan } from './text-span.ts';

/** Where a default comes from; weakest first. */
export type DefaultSource =
  | { readonly kind: 'built-in' }
  /** A setting of VS Code, by its full name: `kvmlab.defaults.memory`. */
  | { readonly kind: 'setting'; readonly name: string }
  /** A line of `~/.kvmscript`, counted from 1. */
  | { readonly kind: 'kvmscript'; readonly line: number }
  /** `defaults:` of the lab file; the place of the value there. */
  | { readonly kind: 'lab-defaults'; readonly span: TextSpan };

/** What a lab can have defaults for; also the names of their settings, `kvmlab.defaults.…`. */
export type DefaultKey = 'memory' | 'cpus' | 'accel' | 'model' | 'macPrefix' | 'vnc';

/** Where each default of a lab comes from. */
export type DefaultSources = Readonly<Record<DefaultKey, DefaultSource>>;
