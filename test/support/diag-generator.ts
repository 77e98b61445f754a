import fc from 'fast-check';

const ids = fc.constantFrom('a', 'b', 'c', 'd', 'web01', 'db-1', 'x_y', '"node 1"', '10.0.0.9', 'réseau');
const texts = fc.oneof(
  fc.constantFrom('plain', 'two\\nlines', 'say \\"hi\\"', '', "it's", '100 %', 'C:\\\\dir'),
  fc.string({ unit: 'grapheme', maxLength: 8 }).map(text => text.replace(/["\\\p{Cc}]/gu, '')),
);
const colours = fc.constantFrom('red', '"#abc"', '"#112233"', 'lightblue');
const quoted = texts.map(text => `"${text}"`);
const address = fc.constantFrom('10.0.0.1', '"10.0.0.1, fd00::1"', '".1"', '"192.0.2.0/24"');

const nodeOption = fc.oneof(
  { weight: 3, arbitrary: address.map(text => `address = ${text}`) },
  { weight: 2, arbitrary: quoted.map(text => `label = ${text}`) },
  { weight: 2, arbitrary: colours.map(text => `color = ${text}`) },
  fc.constantFrom('shape = cloud', 'shape = flowchart.database', 'shape = actor', 'shape = roundedbox'),
  fc.constantFrom('stacked', 'numbered = 7', 'rotate = 90', 'width = 200', 'height = 60', 'class = hot'),
  fc.constantFrom('style = dashed', 'style = "4,2"', 'textcolor = red', 'linecolor = "#0f0"', 'fontsize = 16'),
  fc.constantFrom('href = "http://example.com"', 'fontfamily = serif'),
);

const options = fc.array(nodeOption, { maxLength: 3 }).map(list => (list.length === 0 ? '' : ` [${list.join(', ')}]`));

const node = fc.tuple(ids, options).map(([id, list]) => `${id}${list};`);

const group = fc
  .record({
    id: fc.constantFrom('', 'g', 'h', '"the group"'),
    label: fc.option(quoted),
    look: fc.constantFrom('', 'color = red;', 'shape = line; style = dotted;'),
    nodes: fc.array(ids, { minLength: 1, maxLength: 3 }),
  })
  .map(({ id, label, look, nodes }) => {
    const caption = label === null ? '' : `label = ${label};`;
    return `group ${id} { ${caption} ${look} ${nodes.map(one => `${one};`).join(' ')} }`;
  });

const network = fc
  .record({
    id: fc.constantFrom('', 'lan', 'dmz', 'net-3', '"a net"', '10'),
    lines: fc.array(fc.oneof({ weight: 5, arbitrary: node }, { weight: 1, arbitrary: group }), {
      minLength: 1,
      maxLength: 5,
    }),
    attributes: fc.subarray(['address = "10.0.0.0/24";', 'label = "LAN";', 'color = pink;', 'linecolor = red;']),
  })
  .map(({ id, lines, attributes }) => `network ${id} {\n${[...attributes, ...lines].join('\n')}\n}`);

const peers = fc
  .tuple(fc.uniqueArray(ids, { minLength: 2, maxLength: 3 }), options)
  .map(([list, rest]) => `${list.join(' -- ')}${rest};`);

const setting = fc.constantFrom(
  'node_width = 128;',
  'span_height = 80;',
  'default_fontsize = 14;',
  'default_node_color = lightyellow;',
  'default_network_color = "#eee";',
  'default_linecolor = navy;',
  'external_connector = none;',
);

const statement = fc.oneof(
  { weight: 5, arbitrary: network },
  { weight: 2, arbitrary: peers },
  { weight: 1, arbitrary: group },
  { weight: 1, arbitrary: node },
  { weight: 1, arbitrary: setting },
);

/** Texts in nwdiag's language that its parser takes; some mean something that it refuses (a node in two groups). */
export const randomDiag: fc.Arbitrary<string> = fc
  .array(statement, { minLength: 1, maxLength: 7 })
  .map(lines => `nwdiag {\nclass hot [color = red, style = dotted];\n${lines.join('\n')}\n}\n`);

const plainId = fc.constantFrom('a', 'b', 'c', 'd', 'web01', 'db_1');
const plainNode = fc
  .tuple(plainId, fc.constantFrom('', ' [address = "10.0.0.1, 10.0.0.2"]', ' [label = "A\\nb"]', ' [shape = cloud]'))
  .map(([id, list]) => `${id}${list};`);
const plainBlock = fc
  .tuple(fc.constantFrom('', 'lan', 'dmz'), fc.array(plainNode, { minLength: 1, maxLength: 4 }))
  .map(([id, lines]) => `network ${id} { address = "10.0.0.0/24"; color = pink; ${lines.join(' ')} }`);
const plainGroup = fc
  .tuple(fc.constantFrom('', 'g'), fc.uniqueArray(plainId, { minLength: 1, maxLength: 2 }))
  .map(([id, nodes]) => `group ${id} { color = "#abcdef"; ${nodes.join('; ')} }`);
const plainPeer = fc
  .uniqueArray(plainId, { minLength: 2, maxLength: 2 })
  .map(([from = '', to = '']) => `${from} -- ${to};`);

/** Texts that say only what both nwdiag and PlantUML can say. */
export const plainDiag: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: plainBlock },
      { weight: 1, arbitrary: plainGroup },
      { weight: 2, arbitrary: plainPeer },
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map(lines => `nwdiag {\n${lines.join('\n')}\n}\n`);
