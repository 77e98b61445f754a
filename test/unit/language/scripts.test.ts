import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { labHints } from '../../../extension/language/hints.ts';
import { labLinks } from '../../../extension/language/links.ts';
import { readLoosely } from '../../../extension/language/loose-tree.ts';
import { placeOfPath } from '../../../extension/language/place-of-path.ts';
import { renamedOverlays, renamedScripts } from '../../../extension/language/rename.ts';
import { scriptNames, scriptOrigin, scriptsNaming, settingPath } from '../../../extension/language/script-names.ts';
import { findThings } from '../../../extension/language/find-things.ts';
import type { Lab } from '../../../extension/lab/model.ts';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { renderLab } from '../../../extension/script/render-lab.ts';

const samples = path.resolve(import.meta.dirname, '../../../extension/samples');
const textOf = (name: string): string => readFileSync(path.join(samples, name, `${name}.lab.yaml`), 'utf8');
const labOf = (text: string): Lab => readLab(text, { fileName: 'x/dmz.lab.yaml' }).lab!;
const scriptsOf = (lab: Lab, base = '..'): ReadonlyMap<string, string> =>
  new Map(renderLab(lab, { source: 'dmz.lab.yaml', base }).map(({ name, text }) => [name, text]));

describe('a script', () => {
  test.each(readdirSync(samples))('of the sample %s leads back to its lab file and to what it is for', name => {
    const lab = labOf(textOf(name));
    const things = [
      ...lab.vms.map(vm => [`${vm.name}.sh`, { kind: 'vm', name: vm.name }] as const),
      ...lab.switches.map(one => [`switch-${one.name}.sh`, { kind: 'switch', name: one.name }] as const),
      ...lab.wires.map(wire => [`wire-${wire.name}.sh`, { kind: 'wire', name: wire.name }] as const),
      ['lab.sh', undefined] as const,
    ];
    const scripts = scriptsOf(lab);

    for (const [file, thing] of things)
      expect(scriptOrigin(scripts.get(file)!)).toEqual({ labFile: '../dmz.lab.yaml', thing });
    expect(scriptOrigin(scripts.get('common.sh')!)).toBeUndefined();
  });

  test('that was written elsewhere, or edited, still does', () => {
    const scripts = scriptsOf(labOf(textOf('firewall')), '../../my labs');

    expect(scriptOrigin(scripts.get('fw.sh')!.replace('RAM=96M', 'RAM=1G'))?.labFile).toBe(
      '../../my labs/dmz.lab.yaml',
    );
  });

  test.each([
    '',
    '#!/bin/bash\n# Made by KVM Lab from dmz.lab.yaml. By hand.\n',
    '# Made by KVM Lab from ../../etc/passwd.\n# kvmlab: generated abc\n',
    '# Made by KVM Lab from /etc/x.lab.yaml.\n# kvmlab: generated abc\n',
  ])('is none if it only looks like one: %j', text => {
    expect(scriptOrigin(text)).toBeUndefined();
  });

  test('names its VM and its switches, where they stand', () => {
    const lab = labOf(textOf('vlans'));
    const scripts = scriptsOf(lab);
    const names = (file: string): readonly string[] => {
      const text = scripts.get(file)!;
      return scriptNames(text).map(({ kind, name, span }) => `${kind} ${name} ${text.slice(span.start, span.end)}`);
    };

    expect(names('red1.sh')).toEqual(['vm red1 red1', 'switch east east']);
    expect(names('switch-east.sh')).toEqual(['switch east east']);
    expect(names('wire-east-west.sh')).toEqual(['switch east east', 'switch west west']);
    expect(scriptsNaming(lab, 'vm', 'red1')).toEqual(['red1.sh']);
    expect(scriptsNaming(lab, 'switch', 'east')).toEqual(
      [...scripts]
        .filter(([, text]) => scriptNames(text).some(({ name }) => name === 'east'))
        .map(([file]) => file)
        .sort((a, b) => order(a) - order(b)),
    );
  });

  test('has settings that lead to their keys in the lab file, as deep as the file has them', () => {
    const text =
      'switches:\n  lan: { stp: { priority: 1 } }\nvms:\n  fw:\n    id: 31\n    disks: [a.qcow2, b.img]\n    nics: [{ switch: lan }]\n';
    const lab = labOf(text);
    const tree = readLoosely(text);
    const leadsTo = (file: string, line: RegExp): string | undefined => {
      const script = scriptsOf(lab).get(file)!;
      const setting = settingPath(script, script.search(line), scriptOrigin(script)!);
      const place = setting && placeOfPath(tree, setting);
      return place && text.slice(place.start, place.end);
    };

    expect(leadsTo('fw.sh', /^ID=/m)).toBe('31');
    expect(leadsTo('fw.sh', /^DISK2=/m)).toBe('b.img');
    expect(leadsTo('fw.sh', /^NIC1=/m)).toBe('lan');
    expect(leadsTo('fw.sh', /^NIC1_MAC=/m)).toBe('{ switch: lan }');
    expect(leadsTo('fw.sh', /^RAM=/m)).toBe('fw');
    expect(leadsTo('fw.sh', /^QEMU=/m)).toBeUndefined();
    expect(leadsTo('fw.sh', /^set -u/m)).toBeUndefined();
    expect(leadsTo('switch-lan.sh', /^PRIORITY=/m)).toBe('1');
  });
});

/** As a lab's scripts are asked: the switch's own, VMs, wires. */
const order = (file: string): number => (file.startsWith('switch-') ? 0 : file.startsWith('wire-') ? 2 : 1);

test('scripts follow a change of names, those of wires too', () => {
  const text = textOf('vlans');
  const before = labOf(text);

  expect(renamedScripts(before, labOf(text.replaceAll(/\beast\b/g, 'cellar')))).toEqual([
    { from: 'switch-east.sh', to: 'switch-cellar.sh' },
    { from: 'wire-east-west.sh', to: 'wire-cellar-west.sh' },
  ]);
  expect(renamedScripts(before, labOf(text.replace('  red1:', '  rouge:')))).toEqual([
    { from: 'red1.sh', to: 'rouge.sh' },
  ]);
  expect(renamedScripts(before, labOf(text.replace(/ {2}blue2:[^]*?\n\n/, '\n')))).toEqual([]);
});

test('the disk that a VM writes over its image follows its name', () => {
  const text =
    'images: { d: { file: d.qcow2 } }\nvms:\n  a: { id: 1, image: d }\n  b: { id: 2, image: d }\n  c: { id: 3 }\n';
  const [before, after] = [labOf(text), labOf(text.replace('  a:', '  z:').replace('  c:', '  y:'))];

  expect(renamedOverlays(before, after)).toEqual([
    { from: before.vms[0]?.image?.overlay, to: before.vms[0]?.image?.overlay.replace(/\ba\b/, 'z') },
  ]);
  expect(renamedOverlays(before, before)).toEqual([]);
});

test('links lead to images, kernels, the tiny guest and the script of the lab', () => {
  const text = [
    'name: dmz',
    'include: [more.yaml, "other file.yaml"]',
    'vms:',
    '  a: { disks: images/a.qcow2, cdrom: /iso/x.iso, guest: tiny }',
    '  b:',
    '    disks:',
    '      - ~/b.img',
    "      - { file: 'c d.img', size: 1G }",
    '    kernel: vmlinuz',
    '    initrd:',
  ].join('\n');

  expect(
    labLinks(readLoosely(text)).map(({ from, path, span }) => [from, path, text.slice(span.start, span.end)]),
  ).toEqual([
    ['scripts', 'lab.sh', 'dmz'],
    ['lab', 'more.yaml', 'more.yaml'],
    ['lab', 'other file.yaml', 'other file.yaml'],
    ['lab', 'images/a.qcow2', 'images/a.qcow2'],
    ['lab', '/iso/x.iso', '/iso/x.iso'],
    ['guest', 'vmlinuz', 'tiny'],
    ['lab', '~/b.img', '~/b.img'],
    ['lab', 'c d.img', 'c d.img'],
    ['lab', 'vmlinuz', 'vmlinuz'],
  ]);
});

test('hints tell what is not written: ports of consoles, MACs, ports of switches', () => {
  const text = [
    'switches: { lan: {} }',
    'vms:',
    '  a: { id: 31, vnc: true, nics: [{ switch: lan }, { switch: lan, mac: 52:54:00:00:00:01, port: 9 }] }',
    '  b: { nics: [{ switch: lan }] }',
  ].join('\n');
  const hints = labHints(labOf(text), { start: 0, end: text.length });

  expect(hints.map(({ offset, text: words }) => `${text.slice(offset - 5, offset)} ${words}`)).toEqual([
    'd: 31 serial 10031 · monitor 20031 · VNC 30031',
    'lan } 52:54:00:00:1f:01 · port 1',
    'lan } port 2',
  ]);
  expect(labHints(labOf(text), { start: 0, end: 20 })).toEqual([]);
});

test('hints of a row are those of its first VM, and NICs of templates have none', () => {
  const text = [
    'switches: { lan: {} }',
    'templates: { t: { nics: [{ switch: lan }] } }',
    'vms:',
    '  a: { id: 31, count: 2, nics: [{ switch: lan }] }',
    '  b: { id: 41, extends: t }',
  ].join('\n');

  expect(labHints(labOf(text), { start: 0, end: text.length }).map(hint => hint.text)).toEqual([
    'a-1: serial 10031 · monitor 20031',
    'a-1: 52:54:00:00:1f:01 · port 1',
    'serial 10041 · monitor 20041',
  ]);
});

test('things are found by some of their letters, in their order', () => {
  const lab = labOf(textOf('office'));

  expect(findThings(lab, 'SR').map(({ kind, name }) => `${kind} ${name}`)).toEqual(['switch servers']);
  expect(findThings(lab, '').length).toBe(lab.vms.length + lab.switches.length + lab.groups.length);
  expect(findThings(lab, 'zz')).toEqual([]);
});
