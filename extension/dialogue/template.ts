import type { Template } from './install-script.ts';

const piece = /\$\$\{|\$\{([^}]*)\}/g;
const variableName = /^[A-Za-z_][\w-]*$/;

export const isVariableName = (name: string): boolean => variableName.test(name) && name.length <= 60;

/** A text with variables; `badNames`: what stands in `${…}` and is no name. */
export function parseTemplate(text: string): { readonly template: Template; readonly badNames: readonly string[] } {
  const parts: (string | { readonly name: string })[] = [];
  const badNames: string[] = [];
  let from = 0;
  for (const match of text.matchAll(piece)) {
    const [whole, name] = match;
    parts.push(text.slice(from, match.index));
    from = match.index + whole.length;
    if (name === undefined) parts.push('${');
    else if (isVariableName(name)) parts.push({ name });
    else badNames.push(name);
  }
  parts.push(text.slice(from));
  return { template: parts.filter(part => part !== ''), badNames };
}

/** Undefined stands for a variable that has no value; the name is in `missing`. */
export function fillTemplate(
  template: Template,
  values: ReadonlyMap<string, string>,
): { readonly text: string } | { readonly missing: string } {
  let text = '';
  for (const part of template) {
    const value = typeof part === 'string' ? part : values.get(part.name);
    if (value === undefined) return { missing: typeof part === 'string' ? '' : part.name };
    text += value;
  }
  return { text };
}

/** The names of the variables in it. */
export const namesIn = (template: Template): readonly string[] =>
  template.flatMap(part => (typeof part === 'string' ? [] : [part.name]));
