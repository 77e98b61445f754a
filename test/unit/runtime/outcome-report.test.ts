import { describe, expect, test } from 'vitest';
import type { Outcome } from '../../../extension/runtime/lab-control.ts';
import { doingWords, doneWords, outcomeError } from '../../../extension/runtime/outcome-report.ts';
import type { ThingRef } from '../../../extension/runtime/state.ts';

const thing = (name: string, kind: ThingRef['kind'] = 'vm'): ThingRef => ({ lab: '/l/dmz.lab.yaml', kind, name });
const outcome = (name: string, kind: Outcome['kind'], message = ''): Outcome => ({ thing: thing(name), kind, message });

describe('what is said about a start or stop', () => {
  test('names the one thing, up to three, or how many', () => {
    const names = ['a', 'b', 'c', 'd'].map(name => thing(name));

    expect([
      doingWords('start', names.slice(0, 1)),
      doingWords('stop', names.slice(0, 2)),
      doingWords('kill', names),
    ]).toEqual(['Starting VM a', 'Stopping a, b', 'Killing 4 VMs']);
  });

  test('tells what was done, what was so already and what was called off', () => {
    const outcomes = [outcome('a', 'done'), outcome('b', 'already'), outcome('c', 'cancelled')];

    expect(doneWords('start', outcomes)).toBe('VM a started, VM b ran already, VM c called off.');
  });

  test('is no error if nothing failed', () => {
    expect(outcomeError('start', [outcome('a', 'done'), outcome('b', 'already')])).toBeUndefined();
  });

  test('offers sudo in a terminal when a switch says that its tap needs root', () => {
    const said = 'Switch admin has the tap kvmadm0, which needs root. Run: sudo /l/dmz/switch-admin.sh start';

    const error = outcomeError('start', [outcome('lan', 'done'), outcome('pc', 'failed', said)]);

    expect(error?.actions[0]).toEqual({
      title: 'Start Switch with sudo',
      command: 'kvmlab.startWithSudo',
      args: [{ lab: '/l/dmz.lab.yaml', kind: 'lab', name: '' }],
    });
  });

  test('offers to fetch the images that are missing, for the VMs that need them only', () => {
    const said = (vm: string) =>
      `${vm} did not start: its image https://x/a is not fetched yet. Fetch it with: kvmlab image fetch /l/dmz.lab.yaml ${vm}`;

    const error = outcomeError('start', [
      ...[outcome('a', 'failed', said('a')), outcome('b', 'failed', 'no memory'), outcome('c', 'failed', said('c'))],
      outcome('d', 'done'),
    ]);

    const vms = [thing('a'), thing('c')];
    expect(error?.actions[0]).toEqual({ title: 'Fetch Image', command: 'kvmlab.fetchAndStart', args: [vms[0], vms] });
  });

  test('gives the reason of one failure in QEMU’s own words, and next steps about that VM', () => {
    const error = outcomeError('start', [
      outcome(
        'fw',
        'failed',
        'fw did not start. QEMU says: qemu-system-x86_64: -drive file=x: Could not open disk.qcow2\n',
      ),
    ]);

    expect(error?.message).toBe('VM fw did not start: QEMU says: Could not open disk.qcow2');
    expect(error?.actions.map(action => [action.title, action.args])).toEqual([
      ['Show Log', undefined],
      ['Open Script', [thing('fw')]],
      ['Open Console Log', [thing('fw')]],
    ]);
  });

  test('names all of many failures, gives the reason of the first and keeps the whole for the log', () => {
    const outcomes = [...['a', 'b', 'c', 'd'].map(name => outcome(name, 'failed', 'no\nimage')), outcome('e', 'done')];

    const error = outcomeError('start', outcomes);

    expect(error?.message).toBe('4 of 5 did not start (a, b, c, d). VM a: no – image');
    expect(String(error?.cause)).toContain('VM d:\nno\nimage');
  });

  test('cuts a reason that no notification can hold', () => {
    expect(outcomeError('stop', [outcome('a', 'failed', 'x'.repeat(5000))])?.message.length).toBeLessThan(340);
  });
});
