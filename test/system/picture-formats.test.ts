import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pictureDot } from '../../extension/diagram/export/dot.ts';
import { pictureDrawio } from '../../extension/diagram/export/drawio.ts';
import { printableText } from '../../extension/diagram/export/ids.ts';
import { pictureSvg } from '../../extension/diagram/export/svg.ts';
import { labDiagram } from '../../extension/diagram/from-lab.ts';
import { pictureOf } from '../../extension/diagram/layout/layouts.ts';
import type { Picture } from '../../extension/diagram/picture.ts';
import { fontFolders } from '../../extension/host/fonts.ts';
import { ResvgRasterizer } from '../../extension/host/svg-rasterizer.ts';
import { readLab } from '../../extension/lab/reading/reader.ts';
import { hostileDiagram } from '../support/hostile-diagram.ts';

const run = promisify(execFile);
const samples = path.resolve('extension/samples');
const wasm = createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm');

const samplePicture = (name: string): Picture => {
  const text = readFileSync(path.join(samples, name, `${name}.lab.yaml`), 'utf8');
  return pictureOf(labDiagram(readLab(text).lab ?? expect.fail('no lab')), 'clear');
};
const hostilePictures = (count: number): readonly Picture[] =>
  fc.sample(hostileDiagram, { numRuns: count, seed: 20261123 }).map(diagram => pictureOf(diagram, 'clear'));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'kl-formats-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('a real XML parser', () => {
  /** Rejects with the parser's words about the first text that is no XML. */
  async function parse(texts: readonly string[]): Promise<string> {
    const file = path.join(folder, 'texts.json');
    writeFileSync(file, JSON.stringify(texts));
    const script = [
      'import json, sys, xml.dom.minidom',
      'for text in json.load(open(sys.argv[1])): xml.dom.minidom.parseString(text.encode("utf-8"))',
      'print("all")',
    ];
    const { stdout } = await run('python3', ['-c', script.join('\n'), file]);
    return stdout.trim();
  }

  test('reads our SVG and draw.io of the samples, and of any names', async () => {
    const pictures = [...readdirSync(samples).map(samplePicture), ...hostilePictures(150)];
    const texts = pictures.flatMap(picture => [
      pictureSvg(picture, { title: '</svg>\u0000', theme: 'auto' }),
      pictureDrawio(picture, '"/><x>\ud800'),
    ]);

    expect(await parse(texts)).toBe('all');
  });

  test('would refuse what is no XML', async () => {
    await expect(parse(['<svg><g></svg>'])).rejects.toThrow('mismatched tag');
  });
});

describe('the real Graphviz', () => {
  interface DotGraph {
    readonly objects?: readonly { readonly name: string; readonly label?: string }[];
    readonly edges?: readonly unknown[];
  }

  async function draw(text: string): Promise<DotGraph> {
    const file = path.join(folder, 'x.dot');
    writeFileSync(file, text);
    const { stdout, stderr } = await run('dot', ['-Tdot_json', file]);
    expect(stderr.split('\n').filter(line => /error|warning: .*(syntax|token)/i.test(line))).toEqual([]);
    return JSON.parse(stdout) as DotGraph;
  }

  test.each(readdirSync(samples))('takes the sample %s with all VMs, networks and lines', async name => {
    const picture = samplePicture(name);
    const { objects = [], edges = [] } = await draw(pictureDot(picture, name));

    expect(objects.filter(one => !one.name.startsWith('cluster_'))).toHaveLength(
      picture.nodes.length + picture.networks.length,
    );
    expect(edges).toHaveLength(picture.links.length + picture.wires.length);
  });

  test('has the names as they were, whatever they are', async () => {
    for (const picture of hostilePictures(12)) {
      const { objects = [] } = await draw(pictureDot(picture, '"\\'));
      const labels = objects.map(({ label = '' }) => label.replaceAll('\\\\', '\\').replaceAll('&amp;', '&'));

      expect(labels).toEqual(
        expect.arrayContaining(picture.nodes.map(({ node }) => printableText(node.label).replaceAll('\n', '\\n'))),
      );
    }
  });
});

describe('a PNG without a browser', () => {
  const rasterizer = new ResvgRasterizer({ wasm, fontFolders: fontFolders(process.env) });

  test.each(['light', 'dark'] as const)('of a sample, %s: its size, its background, and text in it', async theme => {
    const picture = samplePicture('office');
    const svg = pictureSvg(picture, { title: 'office', theme });
    const image = readPng(await rasterizer.png(svg, 2));
    const bare = readPng(await rasterizer.png(svg.replaceAll(/<text.*?<\/text>/g, ''), 2));

    expect([image.width, image.height]).toEqual([picture.size.width, picture.size.height].map(size => size * 2));
    expect(image.pixels.subarray(1, 4).toString('hex')).toBe(theme === 'light' ? 'ffffff' : '1f1f1f');
    expect(image.pixels.equals(bare.pixels)).toBe(false);
  });

  test('draws any names', async () => {
    for (const picture of hostilePictures(25)) {
      const png = await rasterizer.png(pictureSvg(picture, { title: 'x', theme: 'print' }), 1);
      expect(readPng(png).width).toBe(Math.ceil(picture.size.width));
    }
  });

  test('has fewer pixels where a file cannot hold that many', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="40000" height="10000"/>';
    const { width, height } = readPng(await rasterizer.png(svg, 2));

    expect(width / height).toBeCloseTo(4, 1);
    expect(width * height).toBeLessThan(65_000_000);
  });

  test('is refused without a font, rather than drawn without names', async () => {
    const without = new ResvgRasterizer({ wasm, fontFolders: [path.join(folder, 'none')] });

    await expect(without.png('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', 1)).rejects.toThrow(
      'no font on this host',
    );
  });
});

/** Size, and the first rows as they are stored: a byte for the filter, then four for each pixel. */
function readPng(bytes: Uint8Array): { readonly width: number; readonly height: number; readonly pixels: Buffer } {
  const buffer = Buffer.from(bytes);
  expect(buffer.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
  const data: Buffer[] = [];
  for (let at = 8; at < buffer.length; at += buffer.readUInt32BE(at) + 12)
    if (buffer.toString('latin1', at + 4, at + 8) === 'IDAT')
      data.push(buffer.subarray(at + 8, at + 8 + buffer.readUInt32BE(at)));
  return {
    width: buffer.readUInt32BE(16),
    height: buffer.readUInt32BE(20),
    pixels: inflateSync(Buffer.concat(data)),
  };
}
