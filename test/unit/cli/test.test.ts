import { describe, expect, test } from 'vitest';
import { FakeTerminal } from '../../support/fake-terminal.ts';

const lab = `
switches: { lan: {} }
vms:
  fw: { id: 31, guest: tiny, nics: [{ switch: lan, address: 10.1.0.1/24 }] }
  pc: { id: 32, guest: tiny, nics: [{ switch: lan, address: 10.1.0.2/24 }] }
checks:
  near: pc reaches fw
  routes: { on: fw, run: cat x, prints: "1" }
`;
const path = '/work/dmz.lab.yaml';
const setUp = (text = lab): FakeTerminal => new FakeTerminal({ [path]: text });
const thing = { lab: path, kind: 'lab', name: 'dmz' };

describe('kvmlab test', () => {
  test('lists checks without running anything', async () => {
    const terminal = setUp();

    expect(await terminal.run('test', '--list')).toBe(0);
    expect(terminal.out).toMatch(/^NAME +CHECK\nnear +pc reaches fw\nroutes +on fw, "cat x" prints "1"\n$/);
    await terminal.run('test', 'dmz.lab.yaml', 'near', '--list', '--json');
    expect(JSON.parse(terminal.out)).toEqual({ lab: 'dmz', checks: [{ name: 'near', check: 'pc reaches fw' }] });
    expect(terminal.control.orders).toEqual([]);
  });

  test.each([
    [lab, ['nope'], 2, 'has no check nope. It has: near, routes.'],
    ['vms: {}\n', [], 1, 'has no checks. Say under "checks:"'],
    [lab.replace('reaches', 'reeches'), [], 1, 'Did you mean "reaches"?'],
  ])('says what is missing: %#', async (text, words, code, told) => {
    const terminal = setUp(text);

    expect(await terminal.run('test', 'dmz.lab.yaml', ...words)).toBe(code);
    expect(terminal.err).toContain(told);
    expect(terminal.control.orders).toEqual([]);
  });

  test('of a lab that does not come up stops what it has started, and reports that nothing could be checked', async () => {
    const terminal = setUp();

    const code = await terminal.run('test', '--json', '--junit', 'report.xml', '--anyway');

    expect(code).toBe(1);
    expect(terminal.control.orders).toEqual([
      { verb: 'start', things: [thing] },
      { verb: 'stop', things: [thing] },
    ]);
    expect(terminal.err).toContain('The lab did not get ready. fw does not run.');
    const told = JSON.parse(terminal.out) as { checks: readonly { outcome: string; message: string }[] };
    expect(told).toMatchObject({ lab: 'dmz', passed: 0, failed: 0, couldNot: 2 });
    expect(told.checks[0]?.message).toBe('The lab did not get ready. fw does not run.');
    expect(terminal.files.held.get('/work/report.xml')).toContain('<testsuite id="0" name="dmz"');
  });

  test('leaves running what it was told to keep', async () => {
    const terminal = setUp();

    await terminal.run('test', '--keep', '--anyway');

    expect(terminal.control.orders.map(({ verb }) => verb)).toEqual(['start']);
  });

  test('stops nothing that ran before', async () => {
    const terminal = setUp();
    terminal.control.results['dmz'] = { kind: 'already' };

    await terminal.run('test', '--anyway');

    expect(terminal.control.orders.map(({ verb }) => verb)).toEqual(['start']);
  });

  test('looks at what runs when it is to start nothing', async () => {
    const terminal = setUp();

    expect(await terminal.run('test', '--as-is')).toBe(1);
    expect(terminal.control.orders).toEqual([]);
    expect(terminal.out).toContain(
      'COULD NOT BE CHECKED near: pc reaches fw (0.0 s)\n    VM pc does not run. Start it first.\n',
    );
    expect(terminal.out).toContain('dmz: 0 passed, 0 failed, 2 could not be checked.\n');
  });
});
