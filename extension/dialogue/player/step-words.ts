import type { Deed, Step, Template } from '../install-script.ts';

/** What a step does, in words; variables by their names, so that no secret can be in it. */
export function stepWords({ name, expect, deed }: Step): string {
  const parts = [expect && `wait for ${quoted(expect.pattern.source)}`, deed && deedWords(deed)];
  const words = parts.filter(part => part !== undefined).join(', ');
  return name === undefined ? words : `${name}: ${words}`;
}

function deedWords(deed: Deed): string {
  switch (deed.kind) {
    case 'type':
      return `${deed.isLine ? 'send' : 'type'} ${quoted(sourceOf(deed.text))}`;
    case 'keys':
      return `press ${deed.keys.join(', ')}`;
    case 'choose':
      return `wait for the first of ${deed.branches.map(({ pattern }) => quoted(pattern.source)).join(', ')}`;
    case 'repeat':
      return `repeat${repeatEnd(deed)}, at most ${deed.most} times`;
    case 'wait':
      return `wait ${timeWords(deed.ms)}`;
    case 'silence':
      return `wait for ${timeWords(deed.ms)} of silence`;
    case 'set':
      return `set ${deed.values.map(([name]) => name).join(', ')}`;
    case 'include':
      return `do ${deed.file}`;
    case 'cd':
      return deed.file ? `put ${sourceOf(deed.file)} into the CD drive` : 'take the CD out';
    case 'vm':
      return deed.order === 'off' ? 'wait until the VM is off' : `${deed.order} the VM`;
  }
}

function repeatEnd(deed: Deed & { readonly kind: 'repeat' }): string {
  if (deed.until) return ` until ${quoted(deed.until.source)}`;
  return deed.while ? ` while ${quoted(deed.while.source)}` : '';
}

const sourceOf = (template: Template): string =>
  template.map(part => (typeof part === 'string' ? part.replaceAll('${', () => '$${') : `\${${part.name}}`)).join('');

/** A regular expression keeps its slashes. */
const quoted = (source: string): string => (/^\/.+\/i?$/s.test(source) ? source : JSON.stringify(source));

/** `500 ms`, `1.5 s`, `5 min` */
export function timeWords(ms: number): string {
  if (ms < 1000) return `${ms} ms`;
  return ms < 120_000 ? `${ms / 1000} s` : `${Math.round(ms / 6000) / 10} min`;
}
