import fc from 'fast-check';
import type { Diagram } from '../../extension/diagram/diagram.ts';
import { diagramOf } from './diagram-builder.ts';

/** What breaks out of one language or another, if it is not quoted there. */
const phrases = [
  `<img src=x onerror=alert(1)>`,
  `</script><script>alert(1)</script>`,
  `"]; evil -- more ["`,
  `' onload='alert(1)`,
  '${x} $(id) `id`',
  '\\N \\G \\" \\',
  '%%{init: {}}%%',
  ']]>',
  '&amp; &#60; #quot;',
  '-- }{ || ;',
  'subgraph end',
  'a\nb\r\nc\u2028d',
  '\u0000\u0007\ud800\uffff',
  '\u202egnp.exe',
  'ü 漢字 😀',
  '1. one',
  '',
];

const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...phrases),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.tuple(fc.constantFrom(...phrases), fc.constantFrom(...phrases)).map(parts => parts.join('')),
);

const names = fc.uniqueArray(hostileText, { minLength: 4, maxLength: 6 });

/** Two networks and a pair of peers between nodes of any names; a group, a wire, colours, addresses. */
export const hostileDiagram: fc.Arbitrary<Diagram> = fc
  .tuple(names, names, hostileText, fc.constantFrom('box', 'cloud', 'database', 'diamond', 'circle'))
  .map(([nodes, networks, text, shape]) => {
    const [a = '', b = '', c = '', ...rest] = nodes;
    const [lan = '', dmz = '', pair = ''] = networks;
    const { links, ...diagram } = diagramOf({
      networks: { [lan]: [a, b, ...rest], [dmz]: [b, c], [pair]: [a, c] },
      hidden: [pair],
      groups: { [text]: [a, b] },
      nodes: { [a]: { shape, label: text, style: { color: text, textColor: 'red' } } },
      wires: { [text]: [lan, dmz] },
    });
    return { ...diagram, links: links.map(link => ({ ...link, addresses: [text] })) };
  });
