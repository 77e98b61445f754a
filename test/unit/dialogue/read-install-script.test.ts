import { describe, expect, test } from 'vitest';
import { readInstallScript } from '../../../extension/dialogue/reading/read-install-script.ts';
import { allSteps, findStep, wayTo } from '../../../extension/dialogue/step-list.ts';

const codesOf = (text: string): readonly string[] => readInstallScript(text).problems.map(({ code }) => code);
const placesOf = (text: string): readonly string[] =>
  readInstallScript(text).problems.map(({ span }) => text.slice(span.start, span.end));

const whole = `
description: A login
timeout: 30s
vars:
  user: root
  password: { secret: true, description: Of root }
steps:
  - name: login
    expect: 'login: '
    send: \${user}
  - expect: '/pass(word|phrase): ?$/i'
    timeout: 5s
    send: \${password}
    else:
      - keys: [ctrl-c, enter]
  - first-of:
      - { expect: '# ', send: id }
      - expect: 'incorrect'
        steps: [{ wait: 1s }]
  - repeat: 3
    until: '# '
    steps: [{ keys: enter }]
  - { vm: off, timeout: 2m }
`;

describe('a script is read', () => {
  test('with every step in order, its line, and the limit that counts for it', () => {
    const { script, problems } = readInstallScript(whole);

    expect(problems).toEqual([]);
    const steps = allSteps(script?.steps ?? []);
    expect(steps.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(steps.map(({ place }) => place.line)).toEqual([8, 11, 15, 16, 17, 19, 20, 22, 23]);
    expect(steps[1]?.expect?.limitMs).toBe(5000);
    expect(steps.at(-1)?.deed).toMatchObject({ kind: 'vm', order: 'off', limitMs: 120_000 });
    expect(script?.vars.map(({ name, isSecret, value }) => [name, isSecret, value])).toEqual([
      ['user', false, ['root']],
      ['password', true, undefined],
    ]);
  });

  test('and a step in it is found, by name and by number, with the way to it', () => {
    const { script } = readInstallScript(whole);
    if (!script) throw new Error('no script');

    expect(findStep(script, 'login')?.number).toBe(1);
    const inner = findStep(script, '6');
    expect(inner && wayTo(inner, script.steps).map(({ number }) => number)).toEqual([4, 6]);
    expect(findStep(script, 'nowhere')).toBeUndefined();
  });
});

describe('what is wrong is said at its place', () => {
  test.each([
    ['', 'not-a-script', ''],
    ['- a', 'not-a-script', '- a'],
    ['steps:\n  - {}', 'missing-key', '{}'],
    ['steps:\n  - { sned: a }', 'unknown-key', 'sned'],
    ['steps:\n  - { expect: "/(/" }', 'bad-pattern', '"/(/"'],
    ['steps:\n  - { expect: "/(a)\\\\1/" }', 'bad-pattern', '"/(a)\\\\1/"'],
    ['steps:\n  - { send: "${no}" }', 'unknown-variable', '"${no}"'],
    ['steps:\n  - { send: a, wait: 1s }', 'bad-value', '1s'],
    ['steps:\n  - { send: a, timeout: 1s }', 'bad-value', '1s'],
    ['steps:\n  - { keys: ctrl-1 }', 'bad-value', 'ctrl-1'],
    ['steps:\n  - { repeat: 3 }', 'missing-key', '3'],
    ['steps:\n  - { first-of: [{ send: a }] }', 'missing-key', '{ send: a }'],
    ['vars: { p: { secret: true, default: x } }\nsteps: [{ keys: a }]', 'bad-value', 'x'],
    ['vars: { "a b": x }\nsteps: [{ keys: a }]', 'bad-name', '"a b"'],
    ['steps:\n  - { name: a, keys: a }\n  - { name: a, keys: a }', 'step-double', '{ name: a, keys: a }'],
    ['steps:\n  - { include: other.yaml }', 'include-failed', 'other.yaml'],
  ])('%j', (text, code, place) => {
    expect(codesOf(text)).toContain(code);
    expect(placesOf(text)).toContain(place);
  });

  test('a text with a variable is the text, where it is written with two dollars', () => {
    const { script, problems } = readInstallScript('steps: [{ send: "echo $${HOME}" }]');

    expect(problems).toEqual([]);
    expect(script?.steps[0]?.deed).toMatchObject({ text: ['echo ', '${', 'HOME}'] });
  });

  test('steps nested without end, and scripts that include themselves, are refused', () => {
    const deep =
      'steps:\n' +
      Array.from({ length: 60 }, (_, at) => `${'  '.repeat(at)}- repeat: 1\n${'  '.repeat(at + 1)}steps:\n`).join('');
    const self = 'steps: [{ include: a }, { include: a }]';
    const include = (_: unknown, name: string) => ({ name, path: `/x/${name}`, text: self });

    expect(codesOf(deep)).toContain('bad-value');
    expect(readInstallScript(self, include).problems.map(({ code }) => code)).toContain('include-failed');
  });

  test('few lines do not stand for billions of steps', () => {
    const include = (_: unknown, name: string) => {
      const next = Number(name) + 1;
      return {
        name,
        path: `/x/${name}`,
        text: next > 30 ? 'steps: [{ keys: a }]' : `steps: [{ include: '${next}' }, { include: '${next}' }]`,
      };
    };
    const { script, problems } = readInstallScript('steps: [{ include: "0" }]', include);

    expect(allSteps(script?.steps ?? []).length).toBeLessThanOrEqual(5000);
    expect(problems.some(({ message }) => message.includes('steps'))).toBe(true);
  });
});

test('an included script has its own places, limits and variables', () => {
  const text =
    'timeout: 9s\nvars: { user: me }\nsteps:\n  - include: login.yaml\n    vars: { shell: sh }\n  - { send: "${shell} ${seen}" }\n';
  const inner =
    'vars: { user: root, extra: 1 }\ntimeout: 2s\nsteps:\n  - { expect: "/(?<seen>x)/", send: "${user}" }\n  - {}\n';
  const { script, problems } = readInstallScript(text, (_, name) => ({ name, path: `/lab/${name}`, text: inner }));

  expect(problems.map(({ code, span }) => [code, span.file, inner.slice(span.start, span.end)])).toEqual([
    ['missing-key', '/lab/login.yaml', '{}'],
  ]);
  const steps = allSteps(script?.steps ?? []);
  expect(steps.map(({ place }) => [place.file, place.line])).toEqual([
    [undefined, 4],
    [undefined, 4],
    ['/lab/login.yaml', 4],
    [undefined, 6],
  ]);
  expect(steps[2]?.expect?.limitMs).toBe(2000);
  expect(script?.vars.map(({ name, value }) => [name, value])).toEqual([
    ['user', ['me']],
    ['extra', ['1']],
  ]);
});
