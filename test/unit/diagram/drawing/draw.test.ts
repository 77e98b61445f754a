import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readDiag } from '../../../../extension/diagram/language/reader.ts';
import { pictureOf } from '../../../../extension/diagram/layout/layouts.ts';
import { obstaclesOf } from '../../../../extension/diagram/drawing/caption-place.ts';
import { safeColor, readableOn } from '../../../../extension/diagram/drawing/color.ts';
import { drawPicture, vlansOf } from '../../../../extension/diagram/drawing/draw.ts';
import type { DrawnItem } from '../../../../extension/diagram/drawing/drawing.ts';
import { jumping } from '../../../../extension/diagram/drawing/path.ts';
import { shapeOf } from '../../../../extension/diagram/drawing/shapes.ts';
import { fitted, fittedLines, textWidth } from '../../../../extension/diagram/drawing/text.ts';
import type { LivePicture, StateKind } from '../../../../extension/diagram/live.ts';
import type { Picture } from '../../../../extension/diagram/picture.ts';
import { readLab } from '../../../../extension/lab/reading/reader.ts';
import { linkId, thingId } from '../../../../extension/diagram/thing-id.ts';
import { pictureLab, pictureOfLab } from '../../../support/picture-builder.ts';

const picture = pictureOfLab();
const wordsOf = ({ texts }: DrawnItem) => texts.flatMap(({ lines }) => lines);
const drawingOf = (diag: string) => drawPicture(pictureOf(readDiag(diag).diagram, 'classic'));
const itemOf = (id: string, live?: LivePicture) => drawPicture(picture, live).items.find(item => item.id === id)!;

/** Captions of groups that lie on another text, or on a node. */
function hiddenCaptions(drawn: Picture): readonly string[] {
  const { items } = drawPicture(drawn);
  const boxes = obstaclesOf(items.filter(({ kind }) => kind !== 'group').map(item => ({ ...item, line: [] })));
  return obstaclesOf(items.filter(({ kind }) => kind === 'group')).flatMap((caption, index) => {
    const isFree = !boxes.some(
      box =>
        box.left < caption.right && caption.left < box.right && box.top < caption.bottom && caption.top < box.bottom,
    );
    return isFree ? [] : [drawn.groups[index]?.group.label ?? ''];
  });
}

describe('captions of groups', () => {
  const address = (id: string) => `${id} [address = "192.168.100.1, 2001:db8::1"];`;
  const diagrams: Readonly<Record<string, string>> = {
    'addresses in the first column': `{ group g { label = "A rather long name"; a; b; } network n { ${address('a')} b; } }`,
    'addresses in both columns': `{ group g { label = "A rather long name"; a; b; } network n { ${address('a')} ${address('b')} } }`,
    'a line that leaves at the bottom': `{ group g { label = "Front"; a; } network n { ${address('a')} } network m { ${address('a')} b; } }`,
    'a frame': `{ group g { label = "Frame"; shape = line; a; b; } network n { ${address('a')} b; } }`,
  };

  test.each(Object.keys(diagrams))('lie on no text and no node: %s', name => {
    const { diagram } = readDiag(diagrams[name] ?? '');

    for (const mode of ['classic', 'clear'] as const)
      expect(hiddenCaptions(pictureOf(diagram, mode)), mode).toEqual([]);
  });

  test.each(['firewall', 'vlans', 'office'])('lie on no text and no node: the sample %s', name => {
    const file = new URL(`../../../../extension/samples/${name}/${name}.lab.yaml`, import.meta.url);
    const { lab } = readLab(readFileSync(file, 'utf8'));

    for (const mode of ['classic', 'clear'] as const) expect(hiddenCaptions(pictureOfLab(lab, mode)), mode).toEqual([]);
  });
});

describe('the drawing of a lab', () => {
  test('has each switch, VM, NIC, wire and group once, and groups behind everything', () => {
    const { items } = drawPicture(picture);
    const ids = items.flatMap(({ id }) => id ?? []);

    expect(new Set(ids).size).toBe(ids.length);
    expect(items[0]?.kind).toBe('group');
    expect(ids.filter(id => id.startsWith('["node"'))).toHaveLength(5);
    expect(wordsOf(itemOf(thingId('network', 'lan')))).toEqual(['lan', '192.168.1.0/24']);
    expect(wordsOf(itemOf(linkId({ node: 'pc', nic: 1, network: 'lan' })))).toEqual(['VLAN 10']);
  });

  test('tells every state by a shape and a word of its own', () => {
    const kinds: readonly StateKind[] = ['running', 'paused', 'busy', 'stopped', 'failed'];
    const glyphs = kinds.map(kind => {
      const live = {
        states: { [thingId('node', 'fw')]: { kind, word: `is ${kind}` } },
        traffic: {},
        trees: {},
        faults: {},
      };
      const item = itemOf(thingId('node', 'fw'), live);
      expect(wordsOf(item)).toEqual(['fw', `is ${kind}`]);
      return item.paths.at(-1)!.d;
    });

    expect(new Set(glyphs).size).toBe(kinds.length);
  });

  test('draws a line as off while one of its ends does not run, and thicker the more goes through', () => {
    const id = linkId({ node: 'fw', nic: 1, network: 'lan' });
    const states = (fw: StateKind, lan: StateKind) => ({
      [thingId('node', 'fw')]: { kind: fw, word: fw },
      [thingId('network', 'lan')]: { kind: lan, word: lan },
    });
    const paint = (fw: StateKind, lan: StateKind) =>
      itemOf(id, { states: states(fw, lan), traffic: {}, trees: {}, faults: {} }).paths[0]?.paint;
    const width = (bytesPerSecond: number) => {
      const traffic = { [id]: { bytesPerSecond, label: 'much', words: '' } };
      return itemOf(id, { states: {}, traffic, trees: {}, faults: {} }).paths[0]!.width!;
    };

    expect([paint('running', 'running'), paint('stopped', 'running'), paint('running', 'failed')]).toEqual([
      'link',
      'linkOff',
      'linkOff',
    ]);
    expect(width(1e6)).toBeGreaterThan(width(1e3));
    expect(width(1e12)).toBeLessThan(8);
  });

  test.each(['classic', 'clear'] as const)('says what goes through where no node hides it, in the layout %s', mode => {
    const picture = pictureOfLab(pictureLab, mode);
    const traffic = Object.fromEntries(
      picture.links.map(({ link }) => [linkId(link), { bytesPerSecond: 9, label: '9 B/s', words: '' }]),
    );
    const texts = drawPicture(picture, { states: {}, traffic, trees: {}, faults: {} })
      .items.flatMap(item => item.texts)
      .filter(({ paint }) => paint === 'traffic');

    expect(texts).toHaveLength(picture.links.length);
    const isHidden = ({ x, y }: { readonly x: number; readonly y: number }): boolean =>
      picture.nodes.some(({ box }) => x >= box.left && x < box.right && y > box.top && y - 8 < box.bottom);
    expect(texts.map(({ at }) => at).filter(isHidden)).toEqual([]);
  });

  test('says which switch is the root of the spanning tree, and which wire it blocks', () => {
    const [lan, wire] = [thingId('network', 'lan'), thingId('wire', 'lan-dmz')];
    const states = { [lan]: { kind: 'running', word: 'running' } } as const;
    const draw = (isBlocked: boolean) => {
      const trees = {
        [lan]: { words: 'root bridge', isBlocked: false },
        [wire]: { words: 'lan: alternate', isBlocked },
      };
      return [
        itemOf(lan, { states, traffic: {}, trees, faults: {} }),
        itemOf(wire, { states, traffic: {}, trees, faults: {} }),
      ] as const;
    };
    const [root, blocked] = draw(true);

    expect(wordsOf(root).at(-1)).toBe('running · root bridge');
    expect(wordsOf(blocked)).toContain('blocked (STP)');
    expect([blocked.paths[0]?.paint, draw(false)[1].paths[0]?.paint]).toEqual(['wireOff', 'wire']);
  });

  test('says what is wrong with a wire in words, and by a triangle on its line', () => {
    const [wire, link] = [thingId('wire', 'lan-dmz'), linkId({ node: 'pc', nic: 1, network: 'lan' })];
    for (const id of [wire, link]) {
      const draw = (faults: Readonly<Record<string, string>>) =>
        itemOf(id, { states: {}, traffic: {}, trees: {}, faults });
      const [bad, good] = [draw({ [id]: '20 ms, 1 % loss' }), draw({})];

      expect(wordsOf(bad)).toContain('20 ms, 1 % loss');
      expect(bad.paths.filter(({ paint }) => paint === 'fault')).toHaveLength(1);
      expect(good.paths.filter(({ paint }) => paint === 'fault')).toEqual([]);
    }
  });

  test('gives each VLAN a colour by its place', () => {
    expect(vlansOf(picture)).toEqual([10, 20]);
    const places = ['pc', 'guest'].map(node => itemOf(linkId({ node, nic: 1, network: 'lan' })).paths[0]?.vlan);
    expect(places).toEqual([0, 1]);
  });
});

describe('the drawing of a .diag', () => {
  test('joins peers that do not stand over each other, and draws no bus for them', () => {
    const { items } = drawingOf('nwdiag { inet -- r; network lan { a; b; r; } }');
    const peers = items.filter(item => item.kind === 'network' && item.id === undefined);

    expect(items.filter(item => item.kind === 'network' && item.id !== undefined)).toHaveLength(1);
    expect(peers.every(({ paths }) => paths.every(({ paint }) => paint === 'link'))).toBe(true);
  });

  test('draws what the file asks for: shapes, colours, stacks, numbers', () => {
    const { items } = drawingOf(`nwdiag { network n {
      a [shape = cloud, color = "#000000"]; b [stacked]; c [numbered = 3]; d [shape = cisco.router] } }`);
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(name => items.find(({ id }) => id === thingId('node', name))!);

    expect(a!.paths[0]).toMatchObject({ paint: 'face', fill: '#000000' });
    expect(a!.texts[0]?.color).toBe('white');
    expect(b!.paths.filter(({ paint }) => paint === 'sheet')).toHaveLength(2);
    expect(wordsOf(c!)).toEqual(['c', '3']);
    expect(d!.paths.map(({ paint }) => paint)).toEqual(['face', 'icon']);
  });

  test('takes any text: numbers stay numbers, and nothing throws', () => {
    const names = fc.string({ unit: 'binary', maxLength: 60 });
    fc.assert(
      fc.property(names, names, (name, shape) => {
        const quoted = (text: string) => JSON.stringify(text);
        const { items } = drawingOf(`nwdiag { network n { a [label = ${quoted(name)}, shape = ${quoted(shape)}] } }`);
        for (const { paths } of items) for (const { d } of paths) expect(d).not.toMatch(/NaN|undefined|Infinity/);
      }),
    );
  });
});

describe('texts', () => {
  test('fit, whatever they are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), fc.integer({ min: 12, max: 300 }), (text, width) => {
        expect(textWidth(fitted(text, 10, width), 10)).toBeLessThanOrEqual(width);
      }),
    );
  });

  test('end with an ellipsis where something is left out, of lines too', () => {
    expect(fitted('a name that is long', 10, 60)).toMatch(/^a name.*…$/);
    expect(fitted('x'.repeat(10_000), 1, 1e9)).toHaveLength(301);
    expect(fittedLines('one\ntwo\nthree', 10, 100, 2)).toEqual(['one', 'two…']);
    expect(fittedLines('one\ntwo', 10, 100, 2)).toEqual(['one', 'two']);
  });

  test('cannot turn the writing direction around', () => {
    expect(fitted('\u202egnp.exe', 10, 200)).toBe('\ufffdgnp.exe');
  });
});

describe('colours', () => {
  test('are colours, and nothing else that CSS takes', () => {
    expect(['#fff', '#12ABef', 'pink', 'rgb(1, 2, 3)'].map(safeColor)).toEqual([
      '#fff',
      '#12ABef',
      'pink',
      'rgb(1, 2, 3)',
    ]);
    const refused = ['url(http://x)', 'var(--x)', 'red;x:y', 'expression(1)', '#12345678901', ''];
    expect(refused.map(safeColor)).toEqual(refused.map(() => undefined));
  });

  test('say what can be read on them', () => {
    expect(['#ffffff', '#F5C26B', 'pink', '#000', 'navy', 'rgb(10,10,10)'].map(readableOn)).toEqual([
      'black',
      'black',
      'black',
      'white',
      'white',
      'white',
    ]);
  });
});

describe('paths', () => {
  test('jump in half circles over what they cross, in order, and not at their ends', () => {
    const line = [
      { x: 5, y: 0 },
      { x: 5, y: 100 },
    ];

    expect(jumping(line, [60, 30, 2])).toBe('M5 0V23A7 7 0 0 1 5 37V53A7 7 0 0 1 5 67L5 100');
    expect(jumping(line.toReversed(), [30])).toBe('M5 100V37A7 7 0 0 0 5 23L5 0');
  });

  test('of shapes stay near their box, whatever the shape', () => {
    const box = { left: 100, top: 100, right: 204, bottom: 140 };
    const names = [
      'box',
      'cloud',
      'actor',
      'flowchart.database',
      'diamond',
      'cisco.firewall',
      'mail',
      'note',
      'dots',
      '__proto__',
    ];
    for (const name of names) {
      const { face, details, icon } = shapeOf(name, box);
      const corners = [face ?? '', ...details, icon ?? ''].flatMap(d => [...d.matchAll(/[ML]([\d.-]+) ([\d.-]+)/g)]);
      for (const [, x, y] of corners) {
        expect(Number(x), name).toBeGreaterThan(90);
        expect(Number(x), name).toBeLessThan(214);
        expect(Number(y), name).toBeGreaterThan(90);
        expect(Number(y), name).toBeLessThan(150);
      }
    }
  });
});
