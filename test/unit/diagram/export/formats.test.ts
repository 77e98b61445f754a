import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pictureD2 } from '../../../../extension/diagram/export/d2.ts';
import { pictureDot } from '../../../../extension/diagram/export/dot.ts';
import { pictureDrawio } from '../../../../extension/diagram/export/drawio.ts';
import { findFormat, pictureFormats } from '../../../../extension/diagram/export/formats.ts';
import { ExportIds, printableText } from '../../../../extension/diagram/export/ids.ts';
import { pictureMermaid } from '../../../../extension/diagram/export/mermaid.ts';
import { pictureOf } from '../../../../extension/diagram/layout/layouts.ts';
import type { Picture } from '../../../../extension/diagram/picture.ts';
import { diagramOf } from '../../../support/diagram-builder.ts';
import { hostileDiagram } from '../../../support/hostile-diagram.ts';
import { pictureOfLab } from '../../../support/picture-builder.ts';

const lab = pictureOfLab();
const options = { title: 'dmz', theme: 'light' } as const;
const hostilePicture = hostileDiagram.map(diagram => pictureOf(diagram, 'clear'));

describe('the table of formats', () => {
  test('finds a format by its name and by any of its endings', () => {
    expect(['svg', 'GV', 'mermaid', 'diag', 'bmp', '__proto__'].map(one => findFormat(one)?.name)).toEqual([
      ...['SVG', 'Graphviz', 'Mermaid', 'nwdiag'],
      ...[undefined, undefined],
    ]);
  });

  test.each(Object.keys(pictureFormats))('%s draws an empty picture too', name => {
    const empty = pictureOf(diagramOf({ networks: {} }), 'classic');

    expect(findFormat(name)?.write(empty, options).text).toMatch(/\n$/);
  });

  test('says that Mermaid draws no more than 500 lines', () => {
    const many = Array.from({ length: 501 }, (_, index) => `n${index}`);
    const picture = pictureOf(diagramOf({ networks: { lan: many } }), 'classic');

    expect(pictureFormats.mmd.write(picture, options).losses).toEqual([expect.stringContaining('500 lines')]);
    expect(pictureFormats.mmd.write(lab, options).losses).toEqual([]);
  });
});

describe('ids', () => {
  test('are readable, one for each thing, and never a keyword', () => {
    const ids = new ExportIds();
    const given = ['DMZ 2', 'dmz-2', 'end', '', '漢字', 'x'.repeat(99)].map(name => ids.of('net', name));

    expect(given).toEqual(['net_DMZ_2', 'net_dmz_2_2', 'net_end', 'net_x', 'net_x_2', `net_${'x'.repeat(40)}`]);
  });
});

describe('a picture for Graphviz', () => {
  test('has networks as boxes as wide as their buses, groups as clusters, wires as thick lines', () => {
    const dot = pictureDot(lab, 'dmz');

    expect(dot).toMatch(/ {2}net_lan \[label="lan\\n192\.168\.1\.0\/24".* width="\d+\.\d\d", height="0\.3"\];/);
    expect(dot).toMatch(/subgraph cluster_group_office \{\n.*label="office".*\n {4}vm_pc \[label="pc"\];/);
    expect(dot).toContain('net_lan -- net_dmz [label="tagged 10", penwidth="2.5"];');
    expect(dot).toContain('vm_fw -- net_dmz [label="10.1.0.1/24"];');
  });
});

describe('a picture for D2', () => {
  test('names nodes through their groups, and fills in no variables', () => {
    const d2 = pictureD2(lab, 'dmz');

    expect(d2).toContain('net_lan -- group_office.vm_pc: "VLAN 10"');
    fc.assert(
      fc.property(hostilePicture, picture => {
        for (const line of pictureD2(picture, 'x').split('\n').slice(1)) {
          const bare = line.replaceAll(/"(?:\\.|[^"\\$])*"/gu, 'TEXT');
          expect(bare).toMatch(
            /^(\s*[\w.]+( -- [\w.]+)?(: TEXT)?(:? \{[\w\s.;:-]*(TEXT)?[ }]*)?|\s*style\.fill: TEXT|\}|)$/,
          );
        }
      }),
    );
  });
});

describe('a picture for Mermaid', () => {
  test('has networks, groups, lines and wires', () => {
    const text = pictureMermaid(lab, 'dmz');

    expect(text).toContain('  net_lan["lan<br>192.168.1.0/24"]\n');
    expect(text).toContain('  subgraph group_office["office"]\n    vm_pc["pc"]\n');
    expect(text).toContain('  net_lan ---|"VLAN 10"| vm_pc\n');
    expect(text).toContain('  net_lan ===|"tagged 10"| net_dmz\n');
  });

  test('has nothing in its labels that Mermaid reads as anything but text', () => {
    fc.assert(
      fc.property(hostilePicture, picture => {
        const text = pictureMermaid(picture, 'x');
        for (const [, label = ''] of text.split('flowchart TB')[1]?.matchAll(/"([^"]*)"/g) ?? [])
          expect(label).toMatch(/^([\p{L}\p{M}\p{N} .,:/()_-]|#\d+;|<br>)+$/u);
        expect(text).not.toContain('%%');
      }),
    );
  });
});

describe('a picture for draw.io', () => {
  const cellsOf = (picture: Picture): readonly Readonly<Record<string, string>>[] =>
    [...pictureDrawio(picture, 'x').matchAll(/<mxCell ([^>]*?)\/?>(?:<mxGeometry ([^>]*?)\/?>)?/g)].map(
      ([, cell = '', geometry = '']) =>
        Object.fromEntries(
          [...`${cell} ${geometry}`.matchAll(/([\w]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
        ),
    );

  test('keeps every place and size: of nodes in groups as seen from the group', () => {
    const cells = new Map(cellsOf(lab).map(cell => [cell['id'], cell]));
    const place = (id: string): readonly number[] =>
      ['x', 'y', 'width', 'height'].map(key => Number(cells.get(id)?.[key]));
    const boxOf = (name: string) => lab.nodes.find(({ node }) => node.id === name)?.box ?? expect.fail(name);
    const office = lab.groups[0]?.box ?? expect.fail('no group');
    const [fw, pc] = [boxOf('fw'), boxOf('pc')];

    expect(place('vm_fw')).toEqual([fw.left, fw.top, fw.right - fw.left, fw.bottom - fw.top]);
    expect(place('vm_pc').slice(0, 2)).toEqual([pc.left - office.left, pc.top - office.top]);
    expect(cells.get('vm_pc')?.['parent']).toBe('group_office');
  });

  test('ties lines to what they join, where the picture has their ends', () => {
    const edge = cellsOf(lab).find(cell => cell['source'] === 'vm_fw' && cell['target'] === 'net_dmz');

    expect(edge?.['style']).toMatch(/exitX=[\d.]+;exitY=1;.*entryX=[\d.]+;entryY=0;/);
    expect(edge?.['value']).toBe('10.1.0.1/24');
  });

  test('names each cell once, and only cells that are there, whatever the names are', () => {
    fc.assert(
      fc.property(hostilePicture, picture => {
        const cells = cellsOf(picture);
        const ids = cells.map(cell => cell['id']);

        expect(new Set(ids).size).toBe(ids.length);
        for (const { parent = '0', source = '0', target = '0' } of cells)
          expect(ids).toEqual(expect.arrayContaining([parent, source, target]));
        expect(cells.filter(cell => cell['style']?.includes('html=1'))).toEqual([]);
      }),
    );
  });
});

test('text without control characters or halves of characters is left as it is, but for the ends of lines', () => {
  expect(printableText('a\r\nb\rc\u0000\ud800😀"\\')).toBe('a\nb\nc\ufffd\ufffd😀"\\');
});
