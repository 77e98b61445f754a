import type { Plain } from '../../lab/reading/plain-data.ts';
import type { CommandOption } from '../../qemu/command-line.ts';
import { isUnknownWord, unknownSource } from './read-script.ts';

/** What became of some words of a command line. */
export interface ImportNote {
  readonly kind:
    /** A key of the lab file. */
    | 'key'
    /** Every VM of a lab has it, or its like, by itself. */
    | 'common'
    /** An argument under `extra:`, as it is. */
    | 'extra'
    /** Not carried over, or not as it was. */
    | 'lost';
  /** Empty: not from one option. */
  readonly words: readonly string[];
  /** For people. */
  readonly text: string;
}

/** A network that NICs of the command line are on. NICs with the same `key` are on the same one. */
export interface ImportedNetwork {
  readonly key: string;
  /** What a switch may be called that stands for it. */
  readonly name: string;
  /** DHCP and NAT by QEMU itself; the forwards as a lab file writes them. */
  readonly uplink: { readonly forward: readonly string[]; readonly network: string | undefined } | undefined;
}

export interface ImportedNic {
  readonly network: ImportedNetwork;
  readonly mac: string | undefined;
  /** As a lab file names it; undefined: unknown there, so the lab's default. */
  readonly model: string | undefined;
  readonly port: number | undefined;
}

/** What is known of a VM while its command line is read. */
export class VmDraft {
  name: string | undefined;
  /** That its consoles say. */
  id: number | undefined;
  readonly keys = new Map<string, Plain>();
  readonly disks: Plain[] = [];
  readonly nics: ImportedNic[] = [];
  readonly extra: string[] = [];
  readonly notes: ImportNote[] = [];

  set(key: string, value: Plain, { words }: CommandOption, remark = ''): void {
    this.keys.set(key, value);
    this.note('key', words, `${key}: ${plainText(value)}${remark}`);
  }

  addExtra(words: readonly string[], remark = 'passed to QEMU as it is'): void {
    this.extra.push(...words);
    this.note('extra', words, remark);
  }

  note(kind: ImportNote['kind'], words: readonly string[], text: string): void {
    this.notes.push({ kind, words: words.map(word => (isUnknownWord(word) ? unknownSource(word) : word)), text });
  }
}

const plainText = (value: Plain): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));
