import type { Template } from '../install-script.ts';
import type { Act } from './acts.ts';
import type { LearnedSecret } from './learned-script.ts';

/** A shorter one could be part of any word. */
const shortestToFind = 4;

const kinds: readonly (readonly [prompt: RegExp, name: string])[] = [
  [/passphrase/i, 'passphrase'],
  [/pass(?:word|code|wort)/i, 'password'],
  [/\bpin\b/i, 'pin'],
];

/** The secrets of a recording: each gets the name of a variable, which stands in its place wherever it is. */
export class SecretNames {
  /** By value. */
  private readonly names = new Map<string, LearnedSecret>();

  constructor(acts: readonly Act[]) {
    for (const { secretPrompt, text } of acts) if (secretPrompt !== undefined) this.learn(text, secretPrompt);
  }

  get all(): readonly LearnedSecret[] {
    return Array.from(this.names.values(), ({ name, description }) => {
      return { name, description: this.isShown(description) ? '' : description };
    });
  }

  /** By name. */
  get values(): ReadonlyMap<string, string> {
    return new Map(Array.from(this.names, ([value, { name }]) => [name, value]));
  }

  /** Values that must stand nowhere. */
  get hidden(): readonly string[] {
    return [...this.names.keys()].filter(value => value.length >= shortestToFind);
  }

  /** What was typed, with variables in place of secrets; `isSecret`: all of it is one. */
  mask(text: string, isSecret: boolean): Template {
    const known = isSecret ? this.names.get(text) : undefined;
    if (known) return [{ name: known.name }];
    let parts: Template = [text];
    for (const value of this.hidden.toSorted((a, b) => b.length - a.length)) {
      const name = this.names.get(value)?.name ?? '';
      parts = parts.flatMap(part => (typeof part === 'string' ? parted(part, value, name) : [part]));
    }
    return parts.filter(part => part !== '');
  }

  private learn(value: string, prompt: string): void {
    if (this.names.has(value)) return;
    const kind = kinds.find(([pattern]) => pattern.test(prompt))?.[1] ?? 'secret';
    const taken = new Set(Array.from(this.names.values(), ({ name }) => name));
    let name = kind;
    for (let number = 2; taken.has(name); number += 1) name = `${kind}${number}`;
    this.names.set(value, { name, description: prompt });
  }

  private isShown(text: string): boolean {
    return this.hidden.some(value => text.includes(value));
  }
}

/** The text with the variable in place of the value. */
const parted = (text: string, value: string, name: string): Template =>
  text.split(value).flatMap((part, at) => (at === 0 ? [part] : [{ name }, part]));
