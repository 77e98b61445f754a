// Builds everything into dist/ (what is shipped) and, with --tests or --bench, out/ (what is run on the way).
import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
  charset: 'utf8',
  // The same library as ES modules, of which only what is used gets into a bundle; by itself Node's CommonJS would be taken.
  alias: { yaml: path.join(root, 'node_modules/yaml/browser/index.js') },
};
const shipped = { ...common, minify: true, target: 'node20', metafile: true };

/**
 * What few will ever need is a file of its own for the command too: what makes PNGs, with its WebAssembly beside it, and what
 * speaks to proxies.
 */
const apart = {
  name: 'apart',
  setup(build) {
    build.onResolve({ filter: /^@resvg\/resvg-wasm$/ }, () => ({ path: './resvg.cjs', external: true }));
    build.onResolve({ filter: /^undici$/ }, () => ({ path: './undici.cjs', external: true }));
  },
};

rmSync(path.join(root, 'dist'), { recursive: true, force: true });
const entries = [
  { ...shipped, entryPoints: ['node_modules/@resvg/resvg-wasm/index.js'], outfile: 'dist/resvg.cjs', format: 'cjs' },
  { ...shipped, entryPoints: ['node_modules/undici/index.js'], outfile: 'dist/undici.cjs', format: 'cjs' },
  {
    ...shipped,
    entryPoints: ['extension/kvmlab.ts'],
    outfile: 'dist/cli.js',
    format: 'cjs',
    plugins: [apart],
    supported: { 'dynamic-import': false },
    banner: { js: '#!/usr/bin/env node' },
  },
];
entries.push({
  ...shipped,
  entryPoints: ['webview/display/main.ts', 'webview/display/display.css'],
  outdir: 'dist/webview',
  entryNames: 'display',
  platform: 'browser',
  // noVNC finds out about video formats before anything else runs (top-level await), which only modules can.
  format: 'esm',
  target: 'es2023',
  banner: { js: '/* Contains noVNC, under the MPL 2.0: see NOTICE. */' },
});
entries.push({
  ...shipped,
  entryPoints: ['webview/vlans/main.ts', 'webview/vlans/vlans.css'],
  outdir: 'dist/webview',
  entryNames: 'vlans',
  platform: 'browser',
  format: 'esm',
  target: 'es2023',
});
entries.push({
  ...shipped,
  entryPoints: ['webview/wires/main.ts', 'webview/wires/wires.css'],
  outdir: 'dist/webview',
  entryNames: 'wires',
  platform: 'browser',
  format: 'esm',
  target: 'es2023',
});
entries.push({
  ...shipped,
  entryPoints: ['webview/packets/main.ts', 'webview/packets/packets.css'],
  outdir: 'dist/webview',
  entryNames: 'packets',
  platform: 'browser',
  format: 'esm',
  target: 'es2023',
});
entries.push({
  ...shipped,
  entryPoints: ['webview/topology/main.ts', 'webview/topology/topology.css'],
  outdir: 'dist/webview',
  entryNames: 'topology',
  platform: 'browser',
  format: 'esm',
  target: 'es2023',
});
if (flags.has('--tests')) entries.push(...testEntries());
if (flags.has('--bench'))
  entries.push({
    ...common,
    entryPoints: ['test/bench/main.ts', 'test/bench/first-paint.ts', 'test/bench/scale.ts', 'test/bench/migration.ts'],
    // As deep as what imports the tools, which stay outside, because they find the checkout from where they lie.
    outdir: 'out/bench/run',
    outExtension: { '.js': '.mjs' },
    format: 'esm',
    target: 'node20',
    packages: 'external',
    external: ['*/tools/vscode-server.mjs'],
  });

await buildExtension();
for (const entry of entries) await esbuild.build(entry);
chmodSync(path.join(root, 'dist/cli.js'), 0o755);
copyFileSync(path.join(root, 'node_modules/@resvg/resvg-wasm/index_bg.wasm'), path.join(root, 'dist/resvg.wasm'));
writeNotice();
writeResvgNotice();
await writeSchema();
writeLauncher();
if (flags.has('--tests')) chmodSync(path.join(root, 'out/support/vscode/code-shim.mjs'), 0o755);

/**
 * The extension, in pieces: `extension.js` with all that is needed at its activation, and each dynamic import with what only it needs,
 * loaded when it is needed. esbuild splits ES modules only, and VS Code loads CommonJS: so it is split first, then turned.
 */
async function buildExtension() {
  const pieces = path.join(root, 'out/pieces');
  rmSync(pieces, { recursive: true, force: true });
  const { metafile } = await esbuild.build({
    ...shipped,
    entryPoints: { extension: 'extension/main.ts' },
    outdir: pieces,
    chunkNames: '[name]-[hash]',
    format: 'esm',
    splitting: true,
    external: ['vscode'],
    plugins: [apart],
  });
  const early = earlyPieces(metafile.outputs, 'out/pieces/extension.js');
  await joinEarly(pieces, early);
  await esbuild.build({
    ...shipped,
    bundle: false,
    alias: undefined,
    entryPoints: readdirSync(pieces)
      .filter(file => file.endsWith('.js') && !early.has(file))
      .map(file => path.join(pieces, file)),
    outdir: 'dist',
    format: 'cjs',
    // An import becomes a require, which VS Code's loader and Node's agree on.
    supported: { 'dynamic-import': false },
  });
}

/** The names of a piece's file and of all that it imports, but for dynamic imports. */
function earlyPieces(outputs, output, found = new Set()) {
  found.add(path.basename(output));
  for (const { path: imported, kind, external } of outputs[output].imports)
    if (kind === 'import-statement' && !external && !found.has(path.basename(imported)))
      earlyPieces(outputs, imported, found);
  return found;
}

/**
 * What is loaded at activation anyway, as one file. Later pieces find what they share with it under the names that it had: so
 * a class is the same class everywhere (`instanceof`).
 */
async function joinEarly(pieces, early) {
  const shared = [...early].filter(file => file !== 'extension.js');
  const nameOf = file => file.replace(/\W/g, '_');
  const later = {
    name: 'later',
    setup(build) {
      build.onResolve({ filter: /^\.\// }, ({ path: file }) =>
        early.has(path.basename(file)) ? undefined : { path: file, external: true },
      );
    },
  };
  await esbuild.build({
    ...shipped,
    alias: undefined,
    stdin: {
      contents: [
        'export * from "./extension.js";',
        ...shared.map(file => `export * as ${nameOf(file)} from "./${file}";`),
      ].join('\n'),
      resolveDir: pieces,
    },
    outfile: 'dist/extension.js',
    format: 'cjs',
    supported: { 'dynamic-import': false },
    external: ['vscode'],
    plugins: [later],
  });
  for (const file of shared)
    writeFileSync(path.join(root, 'dist', file), `module.exports=require("./extension.js").${nameOf(file)};\n`);
}

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

/** Whose work is in the display's script, under which licences, and where its source is, as these ask. */
function writeNotice() {
  const noVnc = path.join(root, 'node_modules/@novnc/novnc');
  const read = file => readFileSync(path.join(noVnc, file), 'utf8').trim();
  const { version } = JSON.parse(read('package.json'));
  const [desLicence] = read('core/crypto/des.js').split('*/');
  const parts = [
    `display.js contains noVNC ${version}, unchanged, as it is published in the package @novnc/novnc.
Its files are under the Mozilla Public License 2.0, which follows. Their source:
https://github.com/novnc/noVNC/tree/v${version}
KVM Lab's own part of display.js is under the licence of KVM Lab.`,
    `noVNC: ${read('LICENSE.txt')}`,
    `noVNC's authors:\n${read('AUTHORS')}`,
    read('docs/LICENSE.MPL-2.0'),
    `noVNC contains pako:\n${read('vendor/pako/LICENSE')}`,
    `noVNC's core/crypto/des.js:\n${desLicence?.replaceAll(/^(\/\*| \* ?)/gm, '').trim()}`,
  ];
  writeFileSync(path.join(root, 'dist/webview/NOTICE'), `${parts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`);
}

/** The same of what makes PNGs. */
function writeResvgNotice() {
  const { version } = JSON.parse(readFileSync(path.join(root, 'node_modules/@resvg/resvg-wasm/package.json'), 'utf8'));
  const licence = readFileSync(path.join(root, 'node_modules/@novnc/novnc/docs/LICENSE.MPL-2.0'), 'utf8');
  const head = `resvg.cjs and resvg.wasm are resvg-js ${version}, as it is published in the package @resvg/resvg-wasm.
They are under the Mozilla Public License 2.0, which follows. Their source:
https://github.com/yisibl/resvg-js/tree/v${version}`;
  writeFileSync(path.join(root, 'dist/NOTICE'), `${head}\n\n${licence}`);
}

/** The JSON Schema of lab files, for other YAML tools; the code of the product writes it. */
async function writeSchema() {
  const source = `export { labJsonSchema } from './extension/lab/json-schema.ts';`;
  const stdin = { contents: source, resolveDir: root, loader: 'ts' };
  const { outputFiles } = await esbuild.build({ ...common, stdin, write: false, format: 'esm', sourcemap: false });
  const { labJsonSchema } = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);
  writeFileSync(path.join(root, 'dist/lab.schema.json'), `${JSON.stringify(labJsonSchema(), undefined, 2)}\n`);
}

/** The command kvmlab for integrated terminals: with the system's Node, or else with the one that runs the extension. */
function writeLauncher() {
  const text = `#!/bin/sh
cli=\${0%/*}/../cli.js
if command -v node >/dev/null 2>&1; then exec node "$cli" "$@"; fi
if [ -n "$KVMLAB_NODE" ]; then ELECTRON_RUN_AS_NODE=1 exec "$KVMLAB_NODE" "$cli" "$@"; fi
echo 'kvmlab: Node.js is missing. Install it, or use a terminal of VS Code.' >&2
exit 1
`;
  mkdirSync(path.join(root, 'dist/bin'), { recursive: true });
  writeFileSync(path.join(root, 'dist/bin/kvmlab'), text, { mode: 0o755 });
}
