import type { TextSpan } from '../text-span.ts';

/** The text of a lab file as plain values with their places. Aliases are resolved, mistakes are reported. */
export type YamlNode = YamlScalar | YamlMap | YamlList;

export interface YamlScalar {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** As it is written, without quotes: `0x1f`, `007`. */
  readonly text: string;
  readonly span: TextSpan;
}

export interface YamlMap {
  readonly kind: 'map';
  /** In file order; no key twice. */
  readonly entries: readonly YamlEntry[];
  readonly span: TextSpan;
}

export interface YamlEntry {
  readonly key: string;
  readonly keySpan: TextSpan;
  readonly value: YamlNode;
}

export interface YamlList {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
  readonly span: TextSpan;
}
