import { parseXml, XmlElement as ParsedElement } from '@rgrove/parse-xml';

/** An element of Pacemaker's XML, in which all that counts stands in elements and attributes. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
}

export const element = (
  name: string,
  attributes: Readonly<Record<string, string>>,
  children: readonly XmlElement[] = [],
): XmlElement => ({ name, attributes, children });

/** The root of a document. Undefined: it is no XML, which `onFault` is told in one line. */
export function readXml(text: string, onFault?: (reason: string) => void): XmlElement | undefined {
  try {
    const { root } = parseXml(text);
    return root ? plain(root) : undefined;
  } catch (error) {
    onFault?.((error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? '');
    return undefined;
  }
}

const plain = ({ name, attributes, children }: ParsedElement): XmlElement => ({
  name,
  attributes,
  children: children.filter(child => child instanceof ParsedElement).map(plain),
});

/** One element or tag a line. */
export function writeXml({ name, attributes, children }: XmlElement, indent = ''): string {
  const words = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeValue(value)}"`);
  const start = `${indent}<${name}${words.join('')}`;
  if (children.length === 0) return `${start}/>\n`;
  return `${start}>\n${children.map(child => writeXml(child, `${indent}  `)).join('')}${indent}</${name}>\n`;
}

/** Line ends would come back as blanks. What XML cannot hold at all is left out. */
const escapeValue = (value: string): string =>
  value
    .replace(/(?![\t\n\r])[\p{Cc}\p{Cs}\ufffe\uffff]/gu, '')
    .replace(/[&<>"'\t\n\r]/g, character => `&#${character.charCodeAt(0)};`);

/** All elements at a path below an element, in their order. */
export const below = (from: XmlElement | undefined, ...path: readonly string[]): readonly XmlElement[] =>
  path.reduce<readonly XmlElement[]>(
    (elements, name) => elements.flatMap(({ children }) => children.filter(child => child.name === name)),
    from ? [from] : [],
  );

/** The element with the children at a path replaced; what of the path is not there is made. */
export function replaceBelow(
  from: XmlElement,
  path: readonly string[],
  change: (children: readonly XmlElement[]) => readonly XmlElement[],
): XmlElement {
  const [name, ...rest] = path;
  if (name === undefined) return { ...from, children: change(from.children) };
  const at = from.children.findIndex(child => child.name === name);
  const changed = replaceBelow(from.children[at] ?? element(name, {}), rest, change);
  return { ...from, children: at < 0 ? [...from.children, changed] : from.children.with(at, changed) };
}
