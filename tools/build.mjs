// Builds everything into dist/ (what is shipped) and, with --tests or --bench, out/ (what is run on the way).
import { chmodSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const flags = new Set(process.argv.slice(2));

/** @type {esbuild.BuildOptions} */
const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  logLevel: 'warning',
  legalComments: 'none',
  sourcemap: 'linked',
  loader: { '.sh': 'text', '.bash': 'text' },
};
const shipped = { ...common, minify: true, target: 'node20', metafile: true };

rmSync(path.join(root, 'dist'), { recursive: true, force: true });
const entries = [
  {
    ...shipped,
    entryPoints: ['extension/main.ts'],
    outfile: 'dist/extension.cjs',
    format: 'cjs',
    external: ['vscode'],
  },
  {
    ...shipped,
    entryPoints: ['extension/kvmlab.ts'],
    outfile: 'dist/cli.js',
    format: 'cjs',
    banner: { js: '#!/usr/bin/env node' },
  },
];
if (flags.has('--tests')) entries.push(...testEntries());
if (flags.has('--bench'))
  entries.push({
    ...common,
    entryPoints: ['test/bench/main.ts'],
    outfile: 'out/bench/main.mjs',
    format: 'esm',
    target: 'node20',
    packages: 'external',
  });

for (const entry of entries) await esbuild.build(entry);
chmodSync(path.join(root, 'dist/cli.js'), 0o755);
if (flags.has('--tests')) chmodSync(path.join(root, 'out/support/vscode/code-shim.mjs'), 0o755);

/** What tests run outside vitest: the suites for the extension host, each a bundle, and the stand-in for VS Code's executable. */
function testEntries() {
  const suites = readdirSync(path.join(root, 'test/integration')).filter(file => file.endsWith('.ts'));
  const tests = { ...common, target: 'node20' };
  const host = {
    ...tests,
    entryPoints: suites.map(file => `test/integration/${file}`),
    outdir: 'out/integration',
    format: 'cjs',
    external: ['vscode', 'mocha'],
  };
  const shim = {
    ...tests,
    entryPoints: ['test/support/vscode/code-shim.ts'],
    // As deep as its source: the tools stay outside, because they find the checkout from where they lie.
    outfile: 'out/support/vscode/code-shim.mjs',
    format: 'esm',
    packages: 'external',
    external: ['*/tools/vscode-server.mjs'],
    banner: { js: '#!/usr/bin/env node' },
  };
  rmSync(path.join(root, 'out/integration'), { recursive: true, force: true });
  return [host, shim];
}
