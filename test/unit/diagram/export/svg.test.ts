import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pictureThemes } from '../../../../extension/diagram/export/exported.ts';
import { pictureSvg } from '../../../../extension/diagram/export/svg.ts';
import { pictureOf } from '../../../../extension/diagram/layout/layouts.ts';
import { hostileDiagram } from '../../../support/hostile-diagram.ts';
import { pictureOfLab } from '../../../support/picture-builder.ts';

const svgOf = (theme: (typeof pictureThemes)[number] = 'light'): string =>
  pictureSvg(pictureOfLab(), { title: 'dmz', theme });

describe('a picture as SVG', () => {
  test('has a title, says what it shows, and names every VM and network with its addresses', () => {
    const svg = svgOf();

    expect(svg).toContain('<title>dmz</title>');
    expect(svg).toContain('<desc>Network diagram: 2 networks, 5 nodes, 1 wire. Networks: lan, dmz.</desc>');
    const names = [...svg.matchAll(/<g[^>]* role="graphics-symbol img" aria-label="([^"]*)"/g)].map(([, name]) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        'fw, VM, on lan 192.168.1.1/24, dmz 10.1.0.1/24',
        'lan, network, 192.168.1.0/24',
        'office, group',
        'lan-dmz, wire',
      ]),
    );
  });

  test('follows the reader’s light or dark and the page’s own colours, and is plain where variables are unknown', () => {
    const svg = svgOf('auto');

    expect(svg).toContain('@media (prefers-color-scheme:dark)');
    expect(svg).toContain('fill:#b3d2f3;fill:var(--kvmlab-bus,var(--bus))');
    expect(svg.match(/var\(/g)?.length).toBe((svg.match(/:#[0-9a-f]{6};[a-z-]+:var\(/g)?.length ?? 0) * 2);
  });

  test('has no variables in the other themes; in print VLANs have no colours, as words tell them', () => {
    const [light, dark, print] = [svgOf('light'), svgOf('dark'), svgOf('print')];

    expect([light, dark, print].some(svg => svg.includes('var(') || svg.includes('@media'))).toBe(false);
    expect([light, dark].every(svg => svg.includes('.p-link.vlan-0{'))).toBe(true);
    expect(print).not.toContain('.p-link.vlan-0{');
    expect(print).toContain('VLAN 10');
  });

  test('lets nothing of the file become anything but text, whatever the names are', () => {
    const known = /^(svg|title|desc|style|rect|g|path|text|tspan)$/;
    fc.assert(
      fc.property(hostileDiagram, fc.constantFrom(...pictureThemes), (diagram, theme) => {
        const svg = pictureSvg(pictureOf(diagram, 'clear'), { title: diagram.nodes[0]?.id ?? '', theme });
        const tags = [...svg.matchAll(/<\/?([^\s/>]*)([^>]*)>/g)];

        expect(tags.filter(([, name = '']) => !known.test(name))).toEqual([]);
        const attributes = tags.map(([, , rest = '']) => rest.replaceAll(/"[^"]*"/g, ''));
        expect(attributes.filter(rest => /\b(on\w+|href|src)\b/.test(rest))).toEqual([]);
        for (const [, style = ''] of svg.matchAll(/ style="([^"]*)"/g))
          expect(style).toMatch(/^((fill|stroke|stroke-width):[#\w().,%\s/]+(;|$))+$/);
        expect(svg).not.toMatch(/url\(|@import/);
      }),
      { numRuns: 150 },
    );
  });
});
