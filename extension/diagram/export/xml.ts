/** What XML 1.0 has no way to write, not even as a number: most control characters, halves of surrogate pairs. */
const unwritable = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** Text for an element's content or an attribute's value in either kind of quotes. */
export const xmlText = (text: string): string =>
  text.replaceAll(unwritable, '\uFFFD').replaceAll(/[&<>"'\t\n\r]/g, char => entities[char] ?? char);

/** Attributes as they stand in a tag; those that are undefined are left out. */
export function xmlAttributes(attributes: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => (value === undefined ? '' : ` ${name}="${xmlText(String(value))}"`))
    .join('');
}
