import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commentText, quote } from '../../../extension/script/quote.ts';
import { renderLab } from '../../../extension/script/render-lab.ts';
import { originOf, recordedChecksum, stamp } from '../../../extension/script/script-file.ts';
import { renderWord, resolveSteps } from '../../../extension/script/step.ts';
import { switchConfiguration } from '../../../extension/script/switch-script.ts';
import {
  lab as aLab,
  nic as aNic,
  networkSwitch as aSwitch,
  vm as aVm,
  wire as aWire,
} from '../../support/lab-builder.ts';

const word = fc.string({ unit: 'binary', maxLength: 30 }).map(text => text.replaceAll('\0', '').toWellFormed());

test('quoted words come out of Bash as they went in', () => {
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 40 }), words => {
      const script = `printf '%s\\0' ${words.map(quote).join(' ')}`;

      expect(execFileSync('bash', ['-c', script]).toString().split('\0').slice(0, -1)).toEqual(words);
    }),
    { numRuns: 40 },
  );
});

test('a rendered word and a resolved word are the same thing', () => {
  const parts = fc.array(
    fc.oneof(word, fc.constant({ variable: 'V' }), fc.constant({ variable: 'V', comma: true as const })),
    {
      minLength: 1,
      maxLength: 6,
    },
  );
  fc.assert(
    fc.property(parts, word, (word, value) => {
      const script = `V=${quote(value)}; printf '%s\\0' ${renderWord(word)}`;

      const fromBash = execFileSync('bash', ['-c', script]).toString().slice(0, -1);

      expect(resolveSteps([{ comment: undefined, words: [word] }], new Map([['V', value]]))).toEqual([fromBash]);
    }),
    { numRuns: 60 },
  );
});

test('an array gives as many words as it has items', () => {
  const steps = [{ comment: undefined, words: [{ all: 'A' }] }];

  expect(resolveSteps(steps, new Map([['A', ['x y', '', '-z']]]))).toEqual(['x y', '', '-z']);
  expect(resolveSteps(steps, new Map([['A', []]]))).toEqual([]);
});

test.each([
  [undefined, 'x', true],
  [undefined, '', false],
  ['yes', 'yes', true],
  ['yes', 'no', false],
])('a step with the condition %s is there for %j: %s', (is, value, isThere) => {
  const step = {
    comment: undefined,
    words: [['w']],
    when: is === undefined ? { variable: 'V' } : { variable: 'V', is },
  };

  expect(resolveSteps([step], new Map([['V', value]]))).toEqual(isThere ? ['w'] : []);
});

test('text in a comment cannot break out of its line or move the cursor', () => {
  expect(commentText('a\nrm -rf /\r\u001b[2Jb\u2028c\u202ed')).toBe('a rm -rf / [2Jb c d');
});

test('a script knows whether it was edited', () => {
  const text = stamp('#!/bin/sh\n# kvmlab: generated 0\nRAM=1\n');

  expect(originOf(text).kind).toBe('untouched');
  expect(originOf(text.replace('RAM=1', 'RAM=2')).kind).toBe('edited');
  expect(recordedChecksum(text.replace('RAM=1', 'RAM=2'))).toBe(recordedChecksum(text));
  expect(originOf('#!/bin/sh\necho mine\n')).toEqual({ kind: 'foreign' });
});

test('every single edited character is noticed', () => {
  const text = stamp('#!/bin/sh\n# kvmlab: generated 0\nRAM=512M # memory\n');
  const from = text.indexOf('RAM');

  for (let at = from; at < text.length; at++) {
    const edited = `${text.slice(0, at)}~${text.slice(at + 1)}`;
    expect(originOf(edited).kind, `character ${at}`).toBe('edited');
  }
});

const lab = aLab({
  name: 'test',
  switches: [aSwitch('lan', { vlans: [10, 20] }), aSwitch('dmz')],
  wires: [aWire('lan', 'dmz', { tagged: [10, 20] })],
  vms: [
    aVm('fw', 31, {
      nics: [aNic(1, 'lan', { port: 2, tagged: [{ vlan: 10, addresses: [] }] }), aNic(2, 'dmz', { port: 1 })],
    }),
    aVm('pc', 32, { nics: [aNic(1, 'lan', { port: 1, vlan: 20 })] }),
    aVm('new', 1, { id: undefined }),
  ],
});

test('a switch is told its VLANs first, then each port with its VLANs, in the order of the ports', () => {
  expect(switchConfiguration(lab, 'lan').map(({ command }) => command)).toEqual([
    'vlan/create 10',
    'vlan/create 20',
    'port/create 1',
    'port/setvlan 1 20',
    'port/create 2',
    'vlan/addport 10 2',
    'port/create 31',
    'vlan/addport 10 31',
    'vlan/addport 20 31',
  ]);
});

test('there is one script for each switch, wire and VM, and one for all; a VM without an ID has none', () => {
  const names = renderLab(lab, { source: 'test.lab.yaml', base: '..' }).map(({ name }) => name);

  expect(names).toEqual([
    'common.sh',
    'common-vm.sh',
    'common-lock.sh',
    'common-qmp.sh',
    'common-arrival.sh',
    'common-transfer.sh',
    'common-migrate.sh',
    'common-switch.sh',
    'common-wire.sh',
    'lab.sh',
    'switch-lan.sh',
    'switch-dmz.sh',
    'wire-lan-dmz.sh',
    'fw.sh',
    'pc.sh',
  ]);
});

test('the same lab gives the same bytes', () => {
  const options = { source: 'test.lab.yaml', base: '..' };

  expect(renderLab(structuredClone(lab), options)).toEqual(renderLab(lab, options));
});

test('every script is marked with the checksum of its own text', () => {
  for (const { name, text } of renderLab(lab, { source: 'test.lab.yaml', base: '..' })) {
    expect(originOf(text).kind, name).toBe('untouched');
  }
});
