import { existsSync, readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readDiag, type DiagReading } from '../../../extension/diagram/language/reader.ts';
import { randomDiag } from '../../support/diag-generator.ts';

const own = new URL('../../golden/diagrams/', import.meta.url);
const ownText = (name: string): string => readFileSync(new URL(name, own), 'utf8');

/** `severity code "what is underlined"` of each problem. */
const problemsOf = (text: string): readonly string[] =>
  readDiag(text).problems.map(
    ({ severity, code, span }) => `${severity} ${code} ${JSON.stringify(text.slice(span.start, span.end))}`,
  );
const isAccepted = ({ problems }: DiagReading): boolean => problems.every(problem => problem.severity === 'warning');
const nodesOf = (text: string): readonly string[] => readDiag(text).diagram.nodes.map(node => node.id);

/** Each network as `id: nodes with addresses`; hidden ones in parentheses. */
const networksOf = (text: string): readonly string[] => {
  const { networks, links } = readDiag(text).diagram;
  return networks.map(({ id, isHidden }) => {
    const members = links
      .filter(link => link.network === id)
      .map(({ node, addresses }) => [node, ...addresses].join(' '));
    return isHidden ? `(${members.join(', ')})` : `${id}: ${members.join(', ')}`;
  });
};

describe('nwdiag', () => {
  const { diagram, problems } = readDiag(ownText('office.diag'));

  test('a file with all of the language reads without errors', () => {
    expect(problems.map(({ code, severity }) => `${severity} ${code}`)).toEqual([]);
    expect(networksOf(ownText('office.diag'))).toEqual([
      '(internet)',
      '(internet, fw)',
      'dmz: fw 10.1.0.1 fd00:1::1, web-01 10.1.0.80, mail server',
      'lan: fw .1, pc1, pc2',
      '(pc1, printer)',
      '(printer, paper)',
    ]);
  });

  test('labels, addresses, colours, classes and sizes', () => {
    expect(diagram.networks[2]).toMatchObject({
      label: 'DMZ',
      addresses: ['10.1.0.0/24'],
      style: { color: 'palegreen' },
    });
    expect(diagram.nodes.find(node => node.id === 'web-01')).toMatchObject({
      shape: 'flowchart.database',
      style: { color: '#eeeeff' },
    });
    expect(diagram.nodes.find(node => node.id === 'mail server')).toMatchObject({
      label: 'Mail\nserver',
      isStacked: true,
    });
    expect(diagram.nodes.find(node => node.id === 'paper')?.style).toEqual({ line: 'dashed' });
    expect(diagram.groups).toMatchObject([{ id: 'office', label: 'Office', nodes: ['pc2', 'pc1'] }]);
    expect(diagram.settings).toMatchObject({ spanWidth: 64, nodeWidth: 104, hasExternalConnector: true });
  });

  test('attributes count before all else, wherever they stand; the last of two counts', () => {
    const text =
      '{ network n { x [class = c, color = red]; } class c [color = blue, shape = mail]; default_node_color = pink; y -- x }';

    expect(readDiag(text).diagram.nodes).toMatchObject([
      { id: 'x', shape: 'mail', style: { color: 'red' } },
      { id: 'y', style: { color: 'pink' } },
    ]);
  });

  test('the same id is the same thing; anonymous networks are each their own', () => {
    expect(networksOf('{ network n { a } network { a } network { b } network n { b [address = "1, 2"] } }')).toEqual([
      'n: a, b 1 2',
      'network 2: a',
      'network 3: b',
    ]);
  });

  test('peers are hidden networks; one that shares a bus is shown, and all of a node on the left of several', () => {
    expect(networksOf('{ inet -- r; network n { r; a } }')).toEqual(['(inet)', '(inet, r)', 'n: r, a']);
    expect(networksOf('{ network n { a; b } a -- b; }')).toEqual(['n: a, b', 'network 2: a, b']);
    expect(networksOf('{ network n { a } a -- b; a -- c; c -- d }')).toEqual([
      'n: a',
      'network 2: a, b',
      'network 3: a, c',
      '(c, d)',
    ]);
    expect(networksOf('{ network n { a } a -- b; b -- a [address = 1] }')).toEqual(['n: a', '(a, b)']);
  });

  test('attributes of a peer belong to the node on the right', () => {
    const { diagram: one } = readDiag('{ network n { a } a -- b [address = "1.1.1.1", color = red]; }');

    expect(one.nodes.map(node => node.style)).toEqual([{}, { color: 'red' }]);
    expect(one.links.at(-1)).toMatchObject({ node: 'b', addresses: ['1.1.1.1'] });
  });

  test('words are no keywords where they name something', () => {
    expect(nodesOf('{ network n { group; network; class; route } }')).toEqual(['group', 'network', 'class', 'route']);
  });

  test('plugins: a node’s class by the end of its id, and attributes of one’s own', () => {
    const text =
      '{ plugin autoclass; plugin attributes [owner = "Owner"]; class server [shape = mail]; network n { x_server [owner = me] } }';

    expect(readDiag(text).diagram.nodes).toMatchObject([{ label: 'x', shape: 'mail', undrawn: { owner: 'me' } }]);
    expect(problemsOf(text)).toEqual([]);
  });
});

describe('PlantUML', () => {
  const { diagram, problems, syntax } = readDiag(ownText('icons.puml'));

  test('descriptions are captions without markup, and the title is read', () => {
    expect(problems).toEqual([]);
    expect(syntax.dialect).toBe('plantuml');
    expect(diagram.settings.title).toBe('Our "net"');
    expect(diagram.networks.map(network => network.label)).toEqual(['dmz', 'Inside', undefined]);
    expect(diagram.nodes.find(node => node.id === 'user')).toMatchObject({ label: 'user1' });
    expect(diagram.groups[0]).toMatchObject({ label: 'Nightly' });
    expect(diagram.networks[0]?.undrawn).toEqual({ width: 'full' });
  });

  test('an address outside of networks is that of the peer', () => {
    expect(networksOf(ownText('icons.puml')).at(-1)).toBe('(user, gateway e3)');
  });

  test('lines at which PlantUML stops are told in its files only', () => {
    const text =
      '@startuml\nnwdiag {\n  network a { x; }\n  network b {\n    y; // here\n    label = "B";\n  }\n}\n@enduml';

    expect(problemsOf(text)).toEqual([
      'warning not-plantuml "network a { x; }"',
      'warning not-plantuml "y; // here"',
      'warning not-plantuml "label = \\"B\\";"',
    ]);
    expect(problemsOf('{ network a { x; } }')).toEqual([]);
  });

  test('@startnwdiag needs no braces of its own', () => {
    expect(networksOf('@startnwdiag\nnetwork a {\n  x;\n}\n@endnwdiag\n')).toEqual(['a: x']);
  });
});

describe('what nwdiag crashes on or refuses', () => {
  test.each([
    ['{ a -- a; }', 'error self-peer "a -- a"'],
    ['{ network a {} network b {} network c { x } }', 'error empty-network "network b {}"'],
    ['{ network a {} network c { x } }', 'warning empty-network "network a {}"'],
    ['{ }', 'error empty-diagram ""'],
    ['', 'error empty-diagram ""'],
    [
      '{ group g { label = "G"; a } network n { a } network m { a } }',
      'warning nwdiag-defect "group g { label = \\"G\\"; a }"',
    ],
    ['{ group g { x } group h { x } network a { x } }', 'error node-in-two-groups "x"'],
    ['{ network a { x } y }', 'warning node-without-network "y"'],
    ['{ network a { A; B } A--B; }', 'warning node-without-network "A--B"'],
    ['{ default_group_color = blue; network a { x } }', 'warning nwdiag-defect "default_group_color = blue"'],
    ['{ default_shape = cloud; network a { x } }', 'warning nwdiag-defect "default_shape = cloud"'],
    ['{ network a { label = "A"; x } network a { y } }', 'warning nwdiag-defect "network a"'],
    ['{ network a { address = 10.0.0.0/24; x } }', 'warning not-nwdiag "10.0.0.0/24"'],
    ['{ network a { color = #ff0000; x } }', 'warning not-nwdiag "#ff0000"'],
    ['{ network a { x [address = fe80::1] } }', 'warning not-nwdiag "fe80::1"'],
    ['{ network a { x [href = http://x/y] } }', 'warning not-nwdiag "http://x/y"'],
    ['{ network a { 01web } }', 'warning split-name "01web"'],
    ['{ node_width = 1.5; network a { x } }', 'error bad-value "1.5"'],
    ['{ external_connector = false; network a { x } }', 'error bad-value "false"'],
    ['{ network a { x [foo = bar] } }', 'warning unknown-attribute "foo"'],
    ['{ network a { x [shape = foo] } }', 'warning unknown-shape "foo"'],
    ['{ network a { x [shape = "cisco.router"] } }', 'warning not-nwdiag "\\"cisco.router\\""'],
    ['{ network a { x [class = srv] } }', 'warning unknown-class "srv"'],
    ['{ network a { x [color = reddish] } }', 'warning unknown-colour "reddish"'],
    ['{ group g { network a { x } } }', 'error nesting "network"'],
    ['{ group g { group h { x } } network a { x } }', 'error nesting "group"'],
    ['{ network a { x; y; x -- y } }', 'warning not-nwdiag "x -- y"'],
    ['{ network a { x; y } x -> y }', 'error nesting "x -> y"'],
    ['{ network a { a, b } }', 'error syntax ","'],
    ['{ network a { x [color = red,] } }', 'warning not-nwdiag ","'],
    ['{ network a { 🙂; x } }', 'error syntax "🙂"'],
    ['network a { x }', 'error no-braces "network"'],
    ['blockdiag { network a { x } }', 'error syntax "blockdiag"'],
    ['{ network a { x', 'error unclosed "network a"'],
    ['{ netwrok a { x } }', 'error unknown-block "netwrok"'],
    ['{ network a { x [label = "never closed] } }', 'error unclosed "\\"never closed] } }"'],
    ['{ network a { x } route { x; y } network b { y } }', 'warning nwdiag-defect "route"'],
    ['{ default_text_color = red; network a { x } }', 'warning obsolete "default_text_color = red"'],
  ])('%s → %s', (text, problem) => {
    expect(problemsOf(text)).toContain(problem);
  });

  test('a brace that is missing in one block does not spoil the next one', () => {
    const text = '{\n  network a {\n    x;\n  network b {\n    y;\n  }\n}\n';

    expect(problemsOf(text)).toEqual(['error nesting "network"']);
    expect(networksOf(text)).toEqual(['a: x', 'b: y']);
  });

  test('routes of the fork are read', () => {
    const { diagram, problems } = readDiag(ownText('routes.diag'));

    expect(diagram.routes).toMatchObject([{ path: ['a', 'fw', 'b'], style: { line: 'dotted', thickness: 3 } }]);
    expect(new Set(problems.map(problem => problem.code))).toEqual(new Set(['not-nwdiag']));
  });
});

describe('any text at all', () => {
  /** What must be true of every reading. */
  function readSafely(text: string): void {
    const { diagram, problems, syntax } = readDiag(text);
    for (const { span, message } of problems) {
      if (span.start < 0 || span.end < span.start || span.end > text.length || /\p{Cc}/u.test(message))
        expect.fail(`${JSON.stringify({ span, message })} in ${JSON.stringify(text)}`);
    }
    const nodes = new Set(diagram.nodes.map(node => node.id));
    const networks = new Set(diagram.networks.map(network => network.id));
    if (nodes.size !== diagram.nodes.length || networks.size !== diagram.networks.length) expect.fail('ids twice');
    if (!diagram.links.every(link => nodes.has(link.node) && networks.has(link.network))) expect.fail('loose link');
    if (diagram.nodes.length > 0 && problems.every(one => one.severity === 'warning'))
      expect(new Set(diagram.links.map(link => link.node)).size).toBe(nodes.size);
    // Between two tokens lies only blank space and comments: nothing of the text is lost.
    let at = 0;
    for (const { start, end } of [...syntax.tokens, ...syntax.comments].sort((a, b) => a.start - b.start)) {
      if (/[^\s\uFEFF]/.test(text.slice(at, start))) expect.fail(`lost ${text.slice(at, start)} of ${text}`);
      at = Math.max(at, end);
    }
    expect(text.slice(at).trim()).toBe('');
  }

  test('every beginning of a good file is read', () => {
    for (const name of readdirSync(own)) {
      const text = ownText(name);
      for (let end = 0; end <= text.length; end += 1) readSafely(text.slice(0, end));
    }
  });

  test('random files, whole and with random damage', () => {
    const damaged = fc
      .tuple(randomDiag, fc.nat(), fc.nat(6), fc.string({ maxLength: 3 }))
      .map(([text, at, length, put]) => {
        const from = at % text.length;
        return text.slice(0, from) + put + text.slice(from + length);
      });
    fc.assert(fc.property(damaged, readSafely), { numRuns: 1500 });
  });

  test('signs of the language in any order', () => {
    const sign = fc.constantFrom(
      ...['{', '}', '[', ']', ';', ',', '=', '--', '->', '"', "'", '"""', '\\', '#', '//', '/*', '*/', '\n', ' ', '🙂'],
      ...['network', 'group', 'route', 'class', 'a', '10.0.0.1', 'fe80::1', '@startuml\n', 'label', '__proto__', '\0'],
    );
    fc.assert(
      fc.property(fc.array(sign, { maxLength: 30 }), signs => readSafely(signs.join(''))),
      { numRuns: 3000 },
    );
  });

  test.each([
    ['braces', '{ group a '],
    ['quotes', '\\"\n'],
    ['triple quotes', '"""\n\\'],
    ['comments', '/* '],
    ['networks', 'network a { x '],
    ['titles', '@startuml\ntitle\n'],
    ['brackets', 'x [a = '],
    ['blanks', ' \t\n'],
    ['peers', 'a -- '],
    ['nodes', 'a;'],
    ['empty networks', 'network a { } '],
  ])('endless %s are read in linear time', (_, part) => {
    const text = part.repeat(Math.ceil(1_500_000 / part.length));

    expect(readDiag(text).diagram.nodes.length).toBeLessThan(5);
  });
});

const shared = new URL('../../../../shared/nwdiag/', import.meta.url);
const isThere = existsSync(shared);
const filesIn = (folder: string): readonly string[] =>
  isThere
    ? readdirSync(new URL(folder, shared))
        .filter(name => /\.(diag|puml)$/.test(name))
        .map(name => folder + name)
    : [];
interface EdgeCase {
  readonly name: string;
  readonly input: string;
  readonly accepted: boolean;
}
const edgeCases = (file: string): readonly EdgeCase[] =>
  isThere ? (JSON.parse(readFileSync(new URL(file, shared), 'utf8')) as EdgeCase[]) : [];

describe.runIf(isThere)('the corpus', () => {
  const read = (file: string): DiagReading => readDiag(readFileSync(new URL(file, shared), 'utf8'));

  test.each([...filesIn('suite/'), ...filesIn('examples/'), ...filesIn('wild/')])('%s', file => {
    // Two empty networks in a row are the one thing in these files that nwdiag cannot draw.
    expect(isAccepted(read(file))).toBe(!file.includes('empty_networks'));
  });

  test.each(filesIn('suite/errors/'))('%s is refused', file => {
    expect(isAccepted(read(file))).toBe(false);
  });

  /** Each of them is refused by nwdiag; PlantUML takes it, or it is in the language of a fork. */
  const tolerated = new Set([
    ...['unquoted cidr', 'unquoted hash colour', 'A--B no spaces', 'ipv6 fe80:: unquoted', 'node not in network'],
    ...['unknown attr', 'unknown shape', 'route arrow', 'peer inside network', 'unknown class', 'trailing comma attr'],
    ...['group textcolor/desc', 'network descr', 'labelled group, first node in two networks'],
  ]);

  test.each(edgeCases('edge-cases-nwdiag3.0.0.json'))('nwdiag: $name', ({ name, input, accepted }) => {
    const reading = readDiag(input);

    expect(isAccepted(reading)).toBe(accepted || tolerated.has(name));
    if (!accepted) expect(reading.problems).not.toEqual([]);
  });

  test.each(edgeCases('edge-cases-plantuml-1.2025.8.json'))('PlantUML: $name', ({ name, input, accepted }) => {
    const reading = readDiag(input);

    expect(reading.problems.some(problem => problem.code === 'not-plantuml')).toBe(!accepted);
    // What PlantUML refuses is nwdiag's, but for these.
    if (!accepted) expect(isAccepted(reading)).toBe(!['36_node_two_groups', '39_peer_label'].includes(name));
  });
});
