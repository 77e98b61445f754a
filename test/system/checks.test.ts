import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { readLab } from '../../extension/lab/reading/reader.ts';
import { failed, passed } from '../../extension/runtime/checks/check-result.ts';
import { junitReport } from '../../extension/runtime/checks/junit.ts';
import { validateJunit } from '../support/junit-schema.ts';
import { processesThatMention } from '../support/own-processes.ts';
import { SampleLab } from '../support/sample-lab.ts';
import type { ScriptRun } from '../support/script-lab.ts';

let sample: SampleLab | undefined;

afterEach(() => {
  sample?.dispose();
  sample = undefined;
});

/** `page passed`, in the order in which they were made. */
const told = ({ output }: ScriptRun): readonly string[] =>
  [...output.matchAll(/^(passed|FAILED|COULD NOT BE CHECKED) ([\w-]+): /gm)].map(
    ([, word = '', name]) => `${name} ${word}`,
  );

const made = async (lab: SampleLab, ...words: readonly string[]): Promise<readonly string[]> =>
  told(await lab.kvmlab('test', lab.file, '--as-is', ...words));

const done = async (lab: SampleLab, ...words: readonly string[]): Promise<void> => {
  const run = await lab.kvmlab(...words);
  expect(run, run.output).toMatchObject({ code: 0 });
};

const leavesNothing = async (lab: SampleLab): Promise<void> => {
  await expect.poll(() => processesThatMention(lab.root)).toEqual([]);
};

test('the firewall sample passes; with a dead firewall, a bad wire or a stopped VM the matching checks do not', async () => {
  sample = await SampleLab.open('firewall');
  const report = path.join(sample.root, 'w/report.xml');

  const run = await sample.kvmlab('test', '--keep', '--junit', 'report.xml');
  expect(run, run.output).toMatchObject({ code: 0 });
  expect(told(run)).toEqual(['page passed', 'way passed', 'apart passed', 'routes passed']);
  expect(run.output).toMatch(/through 192\.168\.10\.1, 10\.1\.0\.80\.[^]*firewall: 4 passed, 0 failed\./);
  expect(validateJunit(readFileSync(report, 'utf8'))).toBe('- validates');

  await done(sample, 'wire', sample.file, 'pc', '1', 'loss=100%');
  expect(await made(sample, 'page', 'apart')).toEqual(['page FAILED', 'apart passed']);
  await done(sample, 'wire', sample.file, 'pc', '1', 'reset');
  expect(await made(sample, 'page')).toEqual(['page passed']);

  await done(sample, 'kill', sample.file, 'fw');
  const dead = await sample.kvmlab('test', '--as-is', '--junit', 'report.xml');
  expect(dead, dead.output).toMatchObject({ code: 1 });
  expect(told(dead)).toEqual(['page FAILED', 'way FAILED', 'apart passed', 'routes COULD NOT BE CHECKED']);
  expect(dead.output).toContain('VM fw does not run. Start it first.');
  const text = readFileSync(report, 'utf8');
  expect(validateJunit(text)).toBe('- validates');
  expect(text).toMatch(/tests="4" failures="2" errors="1"/);

  const many = await sample.kvmlab('run', sample.file, 'office,web,fw', '--', 'hostname;', 'exit', '3');
  expect(many, many.output).toMatchObject({ code: 1 });
  expect(many.output).toMatch(/\nfw +VM fw does not run\..*\npc +status 3 +pc\nweb +status 3 +web\n/);

  const stopped = await sample.kvmlab('stop');
  expect(stopped, stopped.output).toMatchObject({ code: 0 });
  await leavesNothing(sample);
});

test('the vlans sample passes; with a wrong VLAN or a bad trunk the matching checks do not', async () => {
  sample = await SampleLab.open('vlans');

  const run = await sample.kvmlab('test', '--keep');
  expect(run, run.output).toMatchObject({ code: 0 });
  expect(told(run)).toEqual(['red passed', 'blue passed', 'trunk passed', 'strangers passed', 'apart passed']);

  await done(sample, 'name-vlan-vdecfg', 'red1', '1', 'untagged', '20');
  const wrong = await sample.kvmlab('test', '--as-is', 'red', 'strangers', 'apart');
  expect(told(wrong)).toEqual(['red FAILED', 'strangers FAILED', 'apart FAILED']);
  expect(wrong.output).toContain('red and blue are both in VLAN 20 of east.');
  await done(sample, 'name-vlan-vdecfg', 'red1', '1', 'untagged', '10');

  await done(sample, 'wire', sample.file, 'east', 'west', 'loss=70%');
  expect(await made(sample, 'trunk', 'apart')).toEqual(['trunk FAILED', 'apart passed']);
});

test('the office sample passes with its ten VMs; without its inner router the matching checks do not', async () => {
  sample = await SampleLab.open('office');

  const run = await sample.kvmlab('test', '--keep');
  expect(run, run.output).toMatchObject({ code: 0 });
  expect(told(run)).toEqual(['desks passed', 'page passed', 'way passed', 'backup passed', 'outside passed']);

  await done(sample, 'kill', sample.file, 'fw');
  expect(await made(sample, 'desks', 'page', 'outside')).toEqual(['desks FAILED', 'page FAILED', 'outside passed']);
});

describe('kvmlab test takes down what it has brought up', () => {
  test('the campus sample, when its checks are over', async () => {
    sample = await SampleLab.open('campus');

    const run = await sample.kvmlab('test');

    expect(run, run.output).toMatchObject({ code: 0 });
    expect(told(run)).toEqual(['neighbours passed', 'pages passed', 'way passed']);
    await leavesNothing(sample);
  });

  test('the firewall sample, when it is called off while it boots; what ran before goes on running', async () => {
    sample = await SampleLab.open('firewall');
    await done(sample, 'start', sample.file, 'web');
    const begun = sample.begin('test');
    const runs = (vm: string): boolean => processesThatMention(`${sample?.root}/r/firewall/${vm}.pid`).length > 0;
    await expect.poll(() => runs('pc') && runs('fw')).toBe(true);

    process.kill(begun.pid, 'SIGINT');
    const run = await begun.done;

    expect(run, run.output).toMatchObject({ code: 1 });
    expect(['web', 'pc', 'fw'].map(runs)).toEqual([true, false, false]);
    expect(await sample.kvmlab('test', 'nothing')).toMatchObject({ code: 2 });
  });
});

test('switches alone: the root of the spanning tree, and VLANs that a wire mixes up', async () => {
  sample = await SampleLab.open('vlans');
  const [vlans, trees] = ['vlans: [10, 20]', 'stp: { priority: 100 }'];
  writeFileSync(
    sample.file,
    `switches: { east: { ${vlans}, ${trees} }, west: { ${vlans}, stp: true }, north: { ${vlans} }, south: { ${vlans} } }
wires: [{ between: [east, west], vlan: 10 }, { between: [north, south], vlan: 10 }]
checks:
  root: east is the STP root of VLAN 10
  apart: VLAN 10 is isolated from VLAN 20
  other: west is the STP root of VLAN 10
`,
  );

  const run = await sample.kvmlab('test', '--keep');
  expect(told(run), run.output).toEqual(['root passed', 'apart passed', 'other FAILED']);

  await done(sample, 'vlan-vdecfg', 'vlans/south', '31', 'untagged', '20');
  const mixed = await sample.kvmlab('test', '--as-is', 'apart');
  expect(told(mixed), mixed.output).toEqual(['apart FAILED']);
  expect(mixed.output).toMatch(
    /VLAN 10 of north sends is heard in VLAN 20 of south|VLAN 20 of south sends is heard in VLAN 10 of north/,
  );
  // The probes and their ports are gone.
  expect((await sample.kvmlab('portlist', 'vlans/south')).output.match(/^ +\d+ /gm)).toHaveLength(1);
  await done(sample, 'stop');
  await leavesNothing(sample);
});

test('a report is valid whatever guests print', () => {
  const { lab } = readLab('checks: { "a <b>": "pc reaches web" }');
  const [check] = lab?.checks ?? [];
  const hostile = ']]>\u0000\u001b[31m\ud800 & <x>\r\n"\ufffe';
  const results = [failed, passed].map(verdict => ({
    check: check!,
    ...verdict(hostile),
    transcript: hostile,
    ms: 1.5,
  }));

  expect(validateJunit(junitReport({ name: `lab ${hostile}`, results, beganAt: 1_700_000_000_000 }))).toBe(
    '- validates',
  );
  expect(validateJunit('<testsuites><testsuite/></testsuites>')).toContain('- fails to validate');
});
