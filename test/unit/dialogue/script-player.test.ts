import { describe, expect, test } from 'vitest';
import { findStep } from '../../../extension/dialogue/step-list.ts';
import { PlayedScript } from '../../support/fake-stage.ts';

const played = (text: string, values?: Readonly<Record<string, string>>): PlayedScript => {
  const script = new PlayedScript(text, values);
  script.player.play();
  return script;
};

describe('a script', () => {
  test('types what it has to when what it waits for has come', () => {
    const it = played(
      "steps:\n  - { expect: 'login: ', send: root }\n  - { expect: '/word: ?$/', type: x }\n  - { keys: [up, ctrl-c, f1, break] }\n",
    );
    expect(it.typed).toBe('');
    it.print('\u001b[2Jweb log');
    it.print('in: ');
    expect(it.typed).toBe('root\r');
    it.print('root\r\nPassword: ');
    expect(it.typed).toBe('root\r');
    it.stage.clock.advance(1000);

    expect(it.typed).toBe('root\rx\u001b[A\u0003\u001bOP{break}');
    expect(it.kind).toBe('finished');
    expect(it.stage.clock.pending).toBe(0);
  });

  test('does not take the echo of what it types for output', () => {
    const it = played('steps:\n  - send: echo DONE\n  - { expect: DONE, keys: a }\n');
    it.print('echo DONE\r\n');
    expect(it.typed).toBe('echo DONE\r');
    it.print('DONE\r\n');

    expect(it.typed).toBe('echo DONE\ra');
  });

  test('takes what is no echo after all for output', () => {
    const it = played(
      "steps:\n  - send: echo DONE\n  - { expect: echo nothing, keys: a }\n  - { expect: '/e$/', keys: b }\n",
    );
    it.print('echo nothing\r\n');
    expect(it.typed).toBe('echo DONE\ra');
    const short = played("steps:\n  - send: yes\n  - { expect: '/y$/', keys: b }\n");
    short.print('y');
    short.stage.clock.advance(1000);
    expect(short.typed).toBe('yes\rb');
  });

  test('does what belongs to the first of several that comes', () => {
    const text =
      "steps:\n  - first-of:\n      - { expect: 'A>', send: a }\n      - { expect: 'B>', steps: [{ send: b }, { send: c }] }\n  - send: end\n";
    const it = played(text);
    it.print('B> A>');

    expect(it.typed).toBe('b\rc\rend\r');
  });

  test('does something else when it waits in vain, instead of what it would have done', () => {
    const it = played('timeout: 5s\nsteps:\n  - { expect: login, send: no, else: [{ keys: a }] }\n  - send: end\n');
    it.stage.clock.advance(4999);
    expect(it.typed).toBe('');
    it.stage.clock.advance(1);

    expect(it.typed).toBe('aend\r');
  });

  test('repeats until something comes, while it comes, or so many times', () => {
    const until = played("steps:\n  - { repeat: 5, until: 'login', timeout: 2s, steps: [{ keys: a }] }\n  - keys: z\n");
    until.stage.clock.advance(4500);
    until.print('login');
    expect(until.typed).toBe('aaaz');

    const during = played(
      "steps:\n  - { repeat: 5, while: '--More--', timeout: 2s, steps: [{ keys: space }] }\n  - keys: z\n",
    );
    during.print('--More--');
    during.print('x--More--');
    during.stage.clock.advance(2000);
    expect(during.typed).toBe('  z');

    expect(played('steps:\n  - { repeat: 3, steps: [{ keys: a }] }\n  - keys: z\n').typed).toBe('aaaz');
  });

  test('answers questions in whatever order they come, until it is over', () => {
    const text =
      "timeout: 5s\nsteps:\n  - repeat: 3\n    until: done\n    first-of:\n      - { expect: 'name? ', send: me }\n      - { expect: 'age? ', send: 7 }\n  - keys: z\n";
    for (const [printed, typed, end] of [
      ['age? name? done', '7\rme\rz', 'finished'],
      ['done', 'z', 'finished'],
      ['age? age? age? done', '7\r7\r7\rz', 'finished'],
      ['age? age? age? age? ', '7\r7\r7\r', 'stuck'],
      ['age? what? ', '7\r', 'stuck'],
    ] as const) {
      const it = played(text);
      it.print(printed);
      it.stage.clock.advance(20_000);
      expect([it.typed, it.kind]).toEqual([typed, end]);
    }
  });

  test('is stuck when a repetition does not end', () => {
    const it = played("steps:\n  - { repeat: 2, until: 'login', timeout: 1s, steps: [{ keys: a }] }\n");
    it.stage.clock.advance(10_000);

    expect([it.typed, it.kind]).toEqual(['aa', 'stuck']);
  });

  test('keeps what groups take, and what it sets', () => {
    const it = played(
      "vars: { host: web }\nsteps:\n  - { expect: '/inet (?<ip>[\\d.]+)\\//', send: 'ping ${ip}' }\n  - set: { to: 'u@${host}' }\n  - { expect: 'at ${ip}', send: '${to}' }\n",
      { host: 'web' },
    );
    it.print('inet 10.0.0.7/24\nat 10.0.0.7');

    expect(it.typed).toBe('ping 10.0.0.7\ru@web\r');
  });

  test('is stuck where a variable has no value', () => {
    const it = played(
      "steps:\n  - first-of:\n      - { expect: '/(?<ip>\\d+)!/' }\n      - { expect: none }\n  - send: 'a ${ip}'\n",
    );
    it.print('none');

    expect(it.player.state).toMatchObject({ kind: 'stuck', stuck: { reason: { kind: 'refused' } } });
  });

  test('waits for silence and for time', () => {
    const it = played('steps:\n  - silence: 3s\n  - wait: 1s\n  - keys: a\n');
    it.stage.clock.advance(2000);
    it.print('.');
    it.stage.clock.advance(2999);
    expect(it.typed).toBe('');
    it.stage.clock.advance(1001);

    expect(it.typed).toBe('a');
  });

  test('gives orders to the machine, and is stuck when they are refused or not done in time', () => {
    const text =
      'vars: { iso: a.iso }\nsteps:\n  - cd: ${iso}\n  - cd: eject\n  - vm: reset\n  - { vm: off, timeout: 9s }\n';
    expect(played(text, { iso: 'a.iso' }).typed).toBe('{a.iso}{eject}{reset}{off}');

    const refused = new PlayedScript(text, { iso: 'a.iso' });
    refused.stage.refusal = 'There is no drive.';
    refused.player.play();
    expect(refused.player.state).toMatchObject({
      stuck: { step: { number: 1 }, reason: { message: 'There is no drive.' } },
    });

    const slow = new PlayedScript(text, { iso: 'a.iso' });
    slow.stage.isSlow = true;
    slow.player.play();
    slow.stage.clock.advance(60_000);
    expect(slow.player.state).toMatchObject({ stuck: { step: { number: 1 }, reason: { kind: 'late' } } });
  });
});

describe('what it cannot get over', () => {
  const text =
    "vars: { pw: { secret: true } }\nsteps:\n  - send: '${pw}'\n  - name: prompt\n    expect: '# '\n    timeout: 7s\n    send: id\n";

  test('is said with the step, what was expected, and what came, without secrets', () => {
    const it = played(text, { pw: 'hunter2' });
    it.print('you said hunter2\r\nhunter2? \u001b[31mno\u001b[0m\r\n\r\n');
    it.stage.clock.advance(7000);

    expect(it.player.state).toMatchObject({
      kind: 'stuck',
      stuck: {
        step: { number: 2, name: 'prompt', place: { line: 4 } },
        reason: { kind: 'late', expected: ['# '], limitMs: 7000 },
        lastLines: ['you said •••', '•••? no'],
      },
    });
    expect(it.stage.clock.pending).toBe(0);
  });

  test('can be got over by a person, and it goes on at a step, with the prompt that stands there', () => {
    const it = played(text, { pw: 'x' });
    it.stage.clock.advance(7000);
    it.print('login by hand\r\n# ');
    const stuck = it.player.state;
    if (stuck.kind !== 'stuck') throw new Error('not stuck');
    it.player.play(stuck.stuck.step);

    expect(it.typed).toBe('x\rid\r');
    expect(it.kind).toBe('finished');
  });
});

test('a person takes over and gives back; meanwhile nothing is typed and no limit passes', () => {
  const it = played("timeout: 5s\nsteps:\n  - { expect: 'a>', send: one }\n  - { expect: 'b>', send: two }\n");
  it.print('a>');
  it.player.pause();
  it.print('b>\nb>');
  it.stage.clock.advance(60_000);
  expect([it.typed, it.kind]).toEqual(['one\r', 'paused']);
  const state = it.player.state;
  it.player.play(state.kind === 'paused' ? state.step : undefined);

  expect([it.typed, it.kind]).toEqual(['one\rtwo\r', 'finished']);
});

test('begins in the middle of a branch or a repetition, and goes on behind it', () => {
  const text =
    'steps:\n  - first-of:\n      - { expect: x, steps: [{ keys: a }, { name: in, keys: b }, { keys: c }] }\n  - { repeat: 2, steps: [{ keys: d }, { name: half, keys: e }] }\n  - keys: f\n';
  const from = (name: string): string => {
    const it = new PlayedScript(text);
    it.player.play(findStep(it.script, name));
    return it.typed;
  };

  expect(from('in')).toBe('bcdedef');
  expect(from('half')).toBe('ededef');
});

test('once it is disposed it does nothing more', () => {
  const it = played("steps:\n  - { expect: 'a>', send: one }\n");
  it.player.dispose();
  it.print('a>');
  it.stage.clock.advance(100_000);

  expect([it.typed, it.stage.clock.pending]).toEqual(['', 0]);
});
