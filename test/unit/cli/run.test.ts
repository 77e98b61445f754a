import { expect, test } from 'vitest';
import { FakeTerminal } from '../../support/fake-terminal.ts';

const file = 'vms: { fw: { id: 1 }, web: { id: 2 } }\n';

test.each([
  [['fw'], 2, 'kvmlab run all -- uptime'],
  [['nope', 'uptime'], 1, 'Lab x has no VM or group nope. It has: fw, web; all.'],
  [['fw', 'uptime', '--timeout', 'soon'], 2, '--timeout takes seconds, and not soon.'],
])('kvmlab run %j is refused', async (words, code, message) => {
  const terminal = new FakeTerminal({ '/work/x.lab.yaml': file });

  expect(await terminal.run('run', ...words)).toBe(code);
  expect(terminal.err).toContain(message);
});

test('kvmlab run tells of each VM that does not run', async () => {
  const terminal = new FakeTerminal({ '/work/x.lab.yaml': file });

  expect(await terminal.run('run', 'all', '--', 'ls', '-l')).toBe(1);
  expect(terminal.out.split('\n')).toEqual([
    'VM   STATUS                                ANSWER',
    'fw   VM fw does not run. Start it first.   -',
    'web  VM web does not run. Start it first.  -',
    '',
  ]);
  expect(await terminal.run('run', 'web', 'ls', '-l', '--json')).toBe(2);
  expect(await terminal.run('run', '--json', 'web', '--', 'ls', '-l')).toBe(1);
  expect(terminal.json()).toEqual({
    lab: 'x',
    command: 'ls -l',
    answers: [
      { vm: 'web', status: null, output: null, cut: false, failure: 'VM web does not run. Start it first.', ms: 0 },
    ],
  });
});
