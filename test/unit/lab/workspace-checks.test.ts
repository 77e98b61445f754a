import { describe, expect, test } from 'vitest';
import { checkFiles, neededFiles } from '../../../extension/lab/files.ts';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { checkWorkspace } from '../../../extension/lab/checks/workspace-checks.ts';

/** Findings as `path: code text`, the text being what is underlined. */
function findings(files: Readonly<Record<string, string>>): readonly string[] {
  const labs = Object.entries(files).map(([path, text]) => ({ path, lab: readLab(text, { fileName: path }).lab! }));
  return [...checkWorkspace(labs)].flatMap(([path, problems]) =>
    problems.map(({ code, span }) => `${path}: ${code} ${files[path]!.slice(span.start, span.end)}`),
  );
}

describe('labs of one workspace', () => {
  test('one ID in two labs is told to both', () => {
    expect(
      findings({ 'a.lab.yaml': 'vms: { x: { id: 31 }, y: { id: 5 } }', 'b.lab.yaml': 'vms: { z: { id: 0x1f } }' }),
    ).toEqual(['a.lab.yaml: id-double 31', 'b.lab.yaml: id-double 0x1f']);
  });

  test('an ID that is double in one lab is that lab’s own problem', () => {
    expect(findings({ 'a.lab.yaml': 'vms: { x: { id: 31 }, y: { id: 31 } }' })).toEqual([]);
  });

  test('one name for two labs', () => {
    expect(findings({ 'x/a.lab.yaml': 'vms: {}', 'y/a.lab.yaml': 'vms: {}', 'b.lab.yaml': 'name: a' })).toEqual([
      'x/a.lab.yaml: lab-name-double vms',
      'y/a.lab.yaml: lab-name-double vms',
      'b.lab.yaml: lab-name-double a',
    ]);
  });

  test('one port forwarded and one tap in two labs', () => {
    const inet = (port: number): string =>
      `switches: { i: { slirp: { forward: [tcp ${port} 10.0.2.15:22] } }, t: { tap: { interface: t0 } } }`;

    expect(findings({ 'a.lab.yaml': inet(2222), 'b.lab.yaml': inet(2222), 'c.lab.yaml': 'vms: {}' })).toEqual([
      'a.lab.yaml: tap-clash t0',
      'b.lab.yaml: tap-clash t0',
      'b.lab.yaml: host-port-clash tcp 2222 10.0.2.15:22',
    ]);
  });

  test('a message names the other file', () => {
    const labs = ['/w/a.lab.yaml', '/w/b.lab.yaml'].map(path => ({
      path,
      lab: readLab('vms: { x: { id: 1 } }', { fileName: path }).lab!,
    }));

    expect(checkWorkspace(labs).get('/w/a.lab.yaml')?.[0]?.message).toContain('b.lab.yaml');
  });

  test('every path has an entry', () => {
    const { lab } = readLab('vms: {}');

    expect([...checkWorkspace([{ path: 'x', lab: lab! }])]).toEqual([['x', []]]);
  });
});

describe('files that a lab needs', () => {
  const text =
    'vms: { a: { id: 1, disks: [d.qcow2, { file: new.qcow2, size: 4G }], cdrom: c.iso, kernel: k, initrd: i }, b: { id: 2, guest: tiny } }';
  const lab = readLab(text).lab!;

  test('are its disks, CDs, kernels and RAM disks', () => {
    expect(
      neededFiles(lab).map(({ vm, kind, path, canBeMade, span }) => [
        vm,
        kind,
        path,
        canBeMade,
        text.slice(span.start, span.end),
      ]),
    ).toEqual([
      ['a', 'disk', 'd.qcow2', false, 'd.qcow2'],
      ['a', 'disk', 'new.qcow2', true, 'new.qcow2'],
      ['a', 'cdrom', 'c.iso', false, 'c.iso'],
      ['a', 'kernel', 'k', false, 'k'],
      ['a', 'initrd', 'i', false, 'i'],
    ]);
  });

  test('are missed unless they are there or can be made', () => {
    const problems = checkFiles(lab, path => path === 'k' || path === 'i');

    expect(problems.map(({ code, span }) => [code, text.slice(span.start, span.end)])).toEqual([
      ['image-missing', 'd.qcow2'],
      ['image-missing', 'c.iso'],
    ]);
  });
});
