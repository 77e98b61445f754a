// Builds everything into dist/ (what is shipped) and, with --tests or --bench, out/ (what is run on the way).
import { chmodSync, existsSync, readdirSync, rmSync } from 'node:fs';
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
if (flags.has('--tests')) {
  const tests = path.join(root, 'test/integration');
  const files = existsSync(tests) ? readdirSync(tests).filter(file => file.endsWith('.ts')) : [];
  const externals = ['vscode', 'mocha'];
  entries.push({
    ...common,
    entryPoints: files.map(file => `test/integration/${file}`),
    outdir: 'out/integration',
    format: 'cjs',
    target: 'node20',
    external: externals,
  });
}
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
