import type { Field, Layer } from './packet.ts';

const mostFields = 2_000;

/** Reads the packet of a PDML document, which tshark writes: `<proto>` are layers, `<field>` what is in them. */
export function parsePdml(text: string): readonly Layer[] {
  const layers: { name: string; offset: number; fields: Field[] }[] = [];
  let count = 0;
  for (const [, tag, words = ''] of text.matchAll(/<(proto|field)\s([^>]*)>/g)) {
    const attributes = readAttributes(words);
    const shown = attributes.get('showname') ?? attributes.get('show') ?? '';
    // The first "protocol" is tshark's own account of the frame.
    if (tag === 'proto' && attributes.get('name') !== 'geninfo' && attributes.get('name') !== 'frame')
      layers.push({ name: shown, offset: numberOf(attributes.get('pos')), fields: [] });
    const isHidden = attributes.get('hide') === 'yes' || shown === '' || count > mostFields;
    if (tag !== 'field' || isHidden) continue;
    count += 1;
    const [name = '', ...value] = shown.split(': ');
    const place = { offset: numberOf(attributes.get('pos')), length: numberOf(attributes.get('size')) };
    layers.at(-1)?.fields.push({ name, value: value.join(': '), ...place });
  }
  return layers;
}

const readAttributes = (words: string): ReadonlyMap<string, string> =>
  new Map(Array.from(words.matchAll(/([\w.]+)="([^"]*)"/g), ([, name = '', value = '']) => [name, unescaped(value)]));

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

const unescaped = (text: string): string =>
  text.replaceAll(/&(amp|lt|gt|quot|apos);|&#x([\da-f]{1,6});/gi, (all: string, name?: string, hex?: string) => {
    const code = hex === undefined ? undefined : parseInt(hex, 16);
    if (code !== undefined) return code <= 0x10ffff ? String.fromCodePoint(code) : all;
    return entities[name ?? ''] ?? all;
  });

const numberOf = (text: string | undefined): number => (/^\d{1,6}$/.test(text ?? '') ? Number(text) : 0);
