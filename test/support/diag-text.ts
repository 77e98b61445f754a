import fc from 'fast-check';

/** The text of a random `.diag`: networks that are opened again, peers, groups in and out of networks, sizes, in any order. */
export const diagText: fc.Arbitrary<string> = fc
  .record({
    settings: fc.subarray(['node_width', 'node_height', 'span_width', 'span_height']),
    sizes: fc.array(fc.integer({ min: 10, max: 200 }), { minLength: 4, maxLength: 4 }),
    networks: fc.array(networkText(), { minLength: 1, maxLength: 4 }),
    peers: fc.array(fc.uniqueArray(nodeId(), { minLength: 2, maxLength: 4 }), { maxLength: 4 }),
    groups: fc.array(groupText(), { maxLength: 3 }),
    order: fc.array(fc.nat(), { minLength: 11, maxLength: 11 }),
  })
  .map(({ settings, sizes, networks, peers, groups, order }) => {
    const statements = [...networks, ...peers.map(chain => `${chain.join(' -- ')};`), ...groups];
    const shuffled = statements.map((text, index) => ({ text, at: (order[index] ?? 0) % 3 ? index : -1 }));
    const lines = shuffled.toSorted((a, b) => a.at - b.at).map(({ text }) => text);
    const given = settings.map((name, index) => `${name} = ${sizes[index] ?? 10};`);
    return `nwdiag {\n${withoutSecondGroups([...given, ...lines].join('\n'))}\n}\n`;
  });

function nodeId(): fc.Arbitrary<string> {
  return fc.nat({ max: 9 }).map(number => `v${number}`);
}

function nodeText(): fc.Arbitrary<string> {
  const options = fc.oneof(
    { weight: 6, arbitrary: fc.constant('') },
    fc.integer({ min: 5, max: 250 }).map(size => ` [width = ${size}]`),
    fc.integer({ min: 5, max: 150 }).map(size => ` [height = ${size}]`),
    fc.constantFrom(' [address = "10.0.0.1, fe80::1"]', ' [label = "a b"]'),
  );
  return fc.tuple(nodeId(), options).map(([id, words]) => `  ${id}${words};`);
}

function networkText(): fc.Arbitrary<string> {
  const id = fc.constantFrom('', 'n0', 'n1', 'n2', '"n1"', `'n 3'`, '"say \\"n\\""');
  const address = fc.constantFrom('', '  address = "10.0.0.0/24";\n', '  label = "a net";\n');
  const member = fc.oneof({ weight: 8, arbitrary: nodeText() }, groupText());
  const members = fc.array(member, { minLength: 1, maxLength: 6 });
  return fc
    .tuple(id, address, members, nodeText())
    .map(([name, line, texts, last]) => `network ${name} {\n${line}${texts.join('\n')}\n${last}\n}`);
}

function groupText(): fc.Arbitrary<string> {
  const members = fc.uniqueArray(nodeId(), { minLength: 1, maxLength: 4 });
  return fc
    .tuple(fc.constantFrom('', 'g0', 'g1'), members)
    .map(([id, ids]) => `group ${id} {\n${ids.map(member => `  ${member};`).join('\n')}\n}`);
}

/** A node may be in one group only: members that another group has already are taken out. */
function withoutSecondGroups(text: string): string {
  const taken = new Set<string>();
  return text.replaceAll(/group (\w*) \{([^}]*)\}/g, (_, id: string, body: string) => {
    const own = [...body.matchAll(/v\d/g)].map(([member]) => member).filter(member => !taken.has(member));
    for (const member of own) taken.add(member);
    return own.length === 0 ? '' : `group ${id} {\n${own.map(member => `  ${member};`).join('\n')}\n}`;
  });
}
