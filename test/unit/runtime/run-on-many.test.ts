import { describe, expect, test } from 'vitest';
import { manyWords, sameAnswers } from '../../../extension/runtime/guests/answer-words.ts';
import { GuestFailure } from '../../../extension/runtime/guests/guest-failure.ts';
import { runOnMany, vmsMeant, type VmAnswer } from '../../../extension/runtime/guests/run-on-many.ts';
import { answerLines } from '../../../extension/runtime/guests/side-by-side.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { group, lab, vm } from '../../support/lab-builder.ts';

const answer = (output: string, status = 0) => ({ status, output, isCut: false });

describe('a command in several VMs', () => {
  test('is run in all at once, but not in too many; what cannot be run is an answer too', async () => {
    let [now, most] = [0, 0];
    const vms = Array.from({ length: 40 }, (_, at) => `vm${at}`);
    const run = async ({ vm: name }: { readonly vm: string }) => {
      most = Math.max(most, (now += 1));
      await Promise.resolve();
      now -= 1;
      if (name === 'vm7') throw new GuestFailure('timed out', 'It took too long.', 'so far\n');
      return answer(`${name}\n`, name === 'vm9' ? 3 : 0);
    };

    const answers = await runOnMany({ lab: '/x/a.lab.yaml', vms, command: 'hostname' }, { run }, new FakeClock());

    expect(answers.map(one => one.vm)).toEqual(vms);
    expect(answers[7]).toMatchObject({
      failure: 'It took too long.',
      answer: { status: undefined, output: 'so far\n' },
    });
    expect(answers[9]).toMatchObject({ failure: undefined, answer: { status: 3 } });
    expect([most > 1, most <= 16]).toEqual([true, true]);
    expect(manyWords(answers)).toBe('38 of 40 VMs: done; 2 failed.');
  });

  test('is meant for VMs, groups, rows or all, each once, in the order of the lab', () => {
    const row = { row: { name: 'pc', number: 1, count: 2 } };
    const one = lab({
      name: 'dmz',
      vms: [vm('fw', 1), vm('pc-1', 2, { origin: row }), vm('pc-2', 3, { origin: row }), vm('web', 4)],
      groups: [group('servers', ['web', 'fw'])],
    });

    expect(vmsMeant(one, ['web', 'pc-*', 'web'])).toEqual(['pc-1', 'pc-2', 'web']);
    expect(vmsMeant(one, ['servers'])).toEqual(['fw', 'web']);
    expect(vmsMeant(one, ['all'])).toEqual(['fw', 'pc-1', 'pc-2', 'web']);
    expect(() => vmsMeant(one, ['nope'])).toThrow(
      'Lab dmz has no VM or group nope. It has: fw, pc-1, pc-2, web, servers; all.',
    );
  });

  test('answers that are the same stand together', () => {
    const said = (name: string, output: string, status = 0): VmAnswer => {
      return { vm: name, answer: answer(output, status), failure: undefined, ms: 1 };
    };

    expect(sameAnswers([said('a', 'x\n'), said('b', 'y\n'), said('c', 'x\n'), said('d', 'x\n', 2)])).toEqual([
      { vms: ['a', 'c'], trouble: undefined, output: 'x' },
      { vms: ['b'], trouble: undefined, output: 'y' },
      { vms: ['d'], trouble: 'status 2', output: 'x' },
    ]);
  });
});

describe('answers', () => {
  const same = (name: string, output: string, trouble?: string) => ({ vms: [name], trouble, output });
  const answers = [same('a', 'one\ntwo'), same('b', '\u001b[2Jtick\ttock', 'status 1')];

  test('stand beside each other where that fits, and steer nobody', () => {
    expect(answerLines(answers, 80)).toEqual([
      '== a  │  == b: status 1',
      'one   │  \ufffd[2Jtick        tock',
      'two   │',
    ]);
  });

  test('stand below each other where it does not', () => {
    expect(answerLines(answers, 20)).toEqual(['== a', 'one', 'two', '', '== b: status 1', '\ufffd[2Jtick        tock']);
  });
});
