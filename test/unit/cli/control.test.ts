import { describe, expect, test } from 'vitest';
import { FakeTerminal } from '../../support/fake-terminal.ts';

const lab = `
switches: { lan: {}, dmz: {} }
vms:
  fw: { id: 31 }
  pc: { id: 32 }
groups: { office: { vms: [pc] } }
wires: [{ between: [lan, dmz] }]
`;
const path = '/work/dmz.lab.yaml';
const setUp = (text = lab): FakeTerminal => new FakeTerminal({ [path]: text });
const vm = (name: string) => ({ lab: path, kind: 'vm', name });

describe('kvmlab start, stop, kill, restart', () => {
  test.each(['start', 'stop', 'kill', 'restart'])('%s without names means the whole lab', async verb => {
    const terminal = setUp();

    expect(await terminal.run(verb, 'dmz.lab.yaml')).toBe(0);
    expect(terminal.control.orders).toEqual([{ verb, things: [{ lab: path, kind: 'lab', name: 'dmz' }] }]);
  });

  test('take names of VMs, and find the only lab file of the folder', async () => {
    const terminal = setUp();

    await terminal.run('start', 'fw', 'pc');

    expect(terminal.control.orders[0]?.things).toEqual([vm('fw'), vm('pc')]);
  });

  test('take names of groups, switches and wires too', async () => {
    const terminal = setUp();

    await terminal.run('stop', path, 'office', 'lan', 'lan-dmz');

    expect(terminal.control.orders[0]?.things.map(thing => thing.kind)).toEqual(['group', 'switch', 'wire']);
  });

  test('refuse a name that the lab does not have', async () => {
    const terminal = setUp();

    expect([await terminal.run('start', 'fw', 'wf'), terminal.err, terminal.control.orders]).toEqual([
      2,
      'kvmlab: Lab dmz has no wf. Its VMs: fw, pc. See: kvmlab help\n',
      [],
    ]);
  });

  test.each([
    [{}, 0],
    [{ fw: { kind: 'already' } }, 0],
    [{ fw: { kind: 'already' }, pc: { kind: 'already' } }, 3],
    [{ fw: { kind: 'already' }, pc: { kind: 'failed' } }, 1],
    [{ fw: { kind: 'cancelled' } }, 1],
  ] as const)('when %j happens end with %i', async (results, code) => {
    const terminal = setUp();
    Object.assign(terminal.control.results, results);

    expect(await terminal.run('start', 'fw', 'pc')).toBe(code);
  });

  test('report each thing with the words of who did it or refused', async () => {
    const terminal = setUp();
    terminal.control.results['fw'] = { kind: 'failed', message: 'Could not open vde:\nConnection refused\n' };
    terminal.control.results['pc'] = { message: 'pc runs: process 7.' };

    await terminal.run('start', 'fw', 'pc', 'lan');

    expect([terminal.out, terminal.err]).toEqual([
      '',
      '[1/3] vm fw: failed: Could not open vde:\n    Connection refused\n' +
        '[2/3] pc runs: process 7.\n' +
        '[3/3] switch lan: started\n',
    ]);
  });

  test('start nothing of a lab with errors, and say them', async () => {
    const terminal = setUp('vms:\n  fw: { id: 31, nics: [{ switch: wan }] }\n');

    expect([await terminal.run('start'), terminal.control.orders]).toEqual([1, []]);
    expect(terminal.err).toMatch(
      /has errors\. Nothing was done\.\ndmz\.lab\.yaml:2:\d+: error: .*\[unknown-switch\]\n$/,
    );
  });

  test('stop what runs even while the file has errors', async () => {
    const terminal = setUp('vms:\n  fw: { id: 31, nics: [{ switch: wan }] }\n');

    expect([await terminal.run('stop', 'fw'), terminal.control.orders]).toMatchObject([0, [{ verb: 'stop' }]]);
  });

  test('say what is wrong with a file that is no lab at all', async () => {
    const terminal = setUp('just words');

    expect(await terminal.run('stop')).toBe(1);
    expect(terminal.err).toMatch(/dmz\.lab\.yaml is no lab file that can be read\.\ndmz\.lab\.yaml:1:1: error: /);
  });
});
