import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { describe, expect, test } from 'vitest';
import { viewHtml } from '../../../extension/vscode/view-html.ts';

const root = path.resolve(import.meta.dirname, '../../..');

describe("the display's script", () => {
  test('stays under 300 kB with noVNC in it', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'kvw-'));
    try {
      const outfile = path.join(folder, 'display.js');
      const entryPoints = [path.join(root, 'webview/display/main.ts')];
      await esbuild.build({ entryPoints, bundle: true, minify: true, format: 'esm', target: 'es2023', outfile });

      const text = readFileSync(outfile, 'utf8');
      expect(text.length).toBeLessThan(300_000);
      // Otherwise this measures something else.
      expect(text.includes('clientCutText')).toBe(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('builds no HTML from strings and evaluates none', () => {
    const files = readdirSync(path.join(root, 'webview'), { recursive: true }).map(String);
    const sources = files.filter(file => file.endsWith('.ts'));
    const text = sources.map(file => readFileSync(path.join(root, 'webview', file), 'utf8')).join('\n');

    expect(text.match(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function/g)).toBeNull();
  });
});

describe("the picture's script", () => {
  test('stays under 300 kB, and makes no file of its own that nobody ships', async () => {
    const { outputFiles } = await esbuild.build({
      entryPoints: [path.join(root, 'webview/topology/main.ts')],
      ...{ bundle: true, minify: true, write: false, format: 'esm', target: 'es2023' },
    });

    expect(outputFiles).toHaveLength(1);
    expect(outputFiles[0]!.text.length).toBeLessThan(300_000);
    expect(outputFiles[0]!.text).toContain('treeitem');
  });
});

describe("the display's page", () => {
  const page = viewHtml({
    title: 'a<b>"c&d',
    script: 'https://files/display.js?a&b',
    style: 'https://files/display.css',
    source: 'https://files',
    nonce: 'bm9uY2U=',
    images: 'data:',
  });

  test('lets nothing in but its own script, style and pictures out of the data, and connects to nothing', () => {
    const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)!;

    expect(policy?.split(/; ?/).filter(Boolean)).toEqual([
      "default-src 'none'",
      "script-src 'nonce-bm9uY2U='",
      'style-src https://files',
      'img-src data:',
    ]);
  });

  test('quotes what others have named', () => {
    expect(page).toContain('<title>a&lt;b>&quot;c&amp;d</title>');
    expect(page).toContain('src="https://files/display.js?a&amp;b"');
  });

  test('has one script, with the nonce, and none inside', () => {
    expect(page.match(/<script[^>]*>/g)).toEqual([
      '<script type="module" nonce="bm9uY2U=" src="https://files/display.js?a&amp;b">',
    ]);
    expect(page).toMatch(/"><\/script>/);
  });
});
