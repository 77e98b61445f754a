import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');

/**
 * Who may import whom: the rule of ARCHITECTURE.md in one place. A room is a folder of extension/; "node" stands for
 * node:*, other names for packages. Entries (files directly in extension/) see everything.
 */
const pure = [
  ...['base', 'lab', 'vde', 'qemu', 'console', 'dialogue', 'guest', 'diagram', 'packets', 'script', 'language'],
  'images',
  'cluster',
];
const mayImport: Record<string, readonly string[]> = {
  base: [],
  lab: ['base', 'yaml', 'zod', 'zod/mini'],
  vde: ['base', 'lab'],
  qemu: ['base', 'lab'],
  console: ['base', 'lab'],
  dialogue: ['base', 'lab', 'console', 'yaml', 'zod', 'zod/mini'],
  guest: ['base', 'lab'],
  diagram: ['base', 'lab'],
  packets: ['base'],
  cluster: ['base', 'lab', '@rgrove/parse-xml'],
  images: ['base', 'lab'],
  script: ['base', 'lab', 'guest', 'qemu', 'vde'],
  language: ['base', 'lab', 'dialogue', 'qemu', 'script', 'vde', 'yaml'],
  runtime: pure,
  host: [...pure, 'runtime', 'node', 'execa', 'telnet-client', '@resvg/resvg-wasm', 'undici'],
  vscode: [...pure, 'runtime', 'vscode', 'webview'],
  cli: [...pure, 'runtime'],
};
/** Of runtime, host/ may know only the interfaces. */
const runtimeForHost = new Set([
  'host.ts',
  'console-ports.ts',
  'capture-ports.ts',
  'image-ports.ts',
  'stick-ports.ts',
  'install-ports.ts',
  'doctor-ports.ts',
  'kvmlab-ports.ts',
  'wire-ports.ts',
  'snapshot-ports.ts',
  'cluster-ports.ts',
  'remote-ports.ts',
  'state.ts',
  'paths.ts',
]);

const sources = (folder: string): readonly string[] =>
  readdirSync(path.join(root, folder), { recursive: true })
    .map(String)
    .filter(file => file.endsWith('.ts'))
    .map(file => path.join(folder, file));

function importsOf(file: string): readonly string[] {
  return ts.preProcessFile(readFileSync(path.join(root, file), 'utf8')).importedFiles.map(({ fileName }) => fileName);
}

/** The room or package that an import leads to, and the file if it is ours. */
function targetOf(file: string, specifier: string): { readonly room: string; readonly file: string } {
  if (specifier.startsWith('node:')) return { room: 'node', file: specifier };
  if (!specifier.startsWith('.')) return { room: specifier, file: specifier };
  const resolved = path.normalize(path.join(path.dirname(file), specifier));
  const [top, room] = resolved.split(path.sep);
  return { room: top === 'extension' ? (room ?? '') : (top ?? ''), file: resolved };
}

const rooms = readdirSync(path.join(root, 'extension'), { withFileTypes: true })
  .filter(entry => entry.isDirectory() && existsSync(path.join(root, 'extension', entry.name, 'tsconfig.json')))
  .map(({ name }) => name);

test('the table names every room, and no room that is not there', () => {
  expect(Object.keys(mayImport).sort()).toEqual([...rooms].sort());
});

test.each(rooms)('every import of the room %s follows the rule', room => {
  const violations = sources(`extension/${room}`).flatMap(file =>
    importsOf(file)
      .map(specifier => targetOf(file, specifier))
      .filter(target => target.room !== room && !mayImport[room]?.includes(target.room))
      .map(target => `${file} imports ${target.file}`),
  );

  expect(violations).toEqual([]);
});

test('host/ knows only the interfaces of runtime/', () => {
  const violations = sources('extension/host').flatMap(file =>
    importsOf(file)
      .map(specifier => targetOf(file, specifier))
      .filter(target => target.room === 'runtime' && !runtimeForHost.has(path.basename(target.file)))
      .map(target => `${file} imports ${target.file}`),
  );

  expect(violations).toEqual([]);
});

test('webview/ imports itself, the pictures of diagram/ and its one package', () => {
  const violations = sources('webview').flatMap(file =>
    importsOf(file)
      .map(specifier => targetOf(file, specifier))
      .filter(target => !['webview', 'diagram', '@novnc/novnc'].includes(target.room))
      .map(target => `${file} imports ${target.file}`),
  );

  expect(violations).toEqual([]);
});

test('the extension knows only the protocol of webview/, which imports nothing but what a picture is', () => {
  const violations = sources('extension').flatMap(file =>
    importsOf(file)
      .map(specifier => targetOf(file, specifier))
      .filter(target => target.room === 'webview' && target.file !== path.normalize('webview/protocol.ts'))
      .map(target => `${file} imports ${target.file}`),
  );

  expect(violations).toEqual([]);
  expect(importsOf('webview/protocol.ts').filter(file => !file.startsWith('../extension/diagram/'))).toEqual([]);
});

test('the compiler knows the same of webview/: a browser, no Node, no VS Code, no room of the extension but diagram/', () => {
  const text = readFileSync(path.join(root, 'webview/tsconfig.json'), 'utf8');
  const { compilerOptions, references } = JSON.parse(text) as {
    compilerOptions: { types: string[]; lib: string[] };
    references: unknown[];
  };

  expect([compilerOptions.types, references]).toEqual([[], [{ path: '../extension/diagram' }]]);
  expect(compilerOptions.lib).toContain('DOM');
});

test('no file imports itself through others', () => {
  const graph = new Map(
    [...sources('extension'), ...sources('webview')].map(file => [
      file,
      importsOf(file).map(specifier => targetOf(file, specifier).file),
    ]),
  );
  const cycles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, trail: readonly string[]): void => {
    if (trail.includes(file)) cycles.push([...trail.slice(trail.indexOf(file)), file].join(' → '));
    if (done.has(file) || trail.includes(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...trail, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);

  expect(cycles).toEqual([]);
});

test('no file of ours has more than 500 lines', () => {
  const long = [...sources('extension'), ...sources('webview'), ...sources('test')]
    .map(file => `${readFileSync(path.join(root, file), 'utf8').split('\n').length} ${file}`)
    .filter(line => Number.parseInt(line) > 500);

  expect(long).toEqual([]);
});

test('the compiler knows the same rooms: a pure room has no platform types and refers only to rooms it may import', () => {
  for (const room of rooms) {
    const text = readFileSync(path.join(root, 'extension', room, 'tsconfig.json'), 'utf8');
    const { compilerOptions, references } = JSON.parse(text) as {
      compilerOptions: { types: string[] };
      references: { path: string }[];
    };
    const referred = references.map(reference => path.basename(reference.path));

    expect(
      referred.filter(name => !mayImport[room]?.includes(name)),
      room,
    ).toEqual([]);
    if ([...pure, 'runtime', 'cli'].includes(room)) expect(compilerOptions.types, room).toEqual([]);
  }
});
