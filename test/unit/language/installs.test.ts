import { describe, expect, test } from 'vitest';
import { installCompletionAt } from '../../../extension/language/installs/install-completion.ts';
import { installHoverAt } from '../../../extension/language/installs/install-hover.ts';
import { installOutline, namedSteps, type InstallEntry } from '../../../extension/language/installs/install-outline.ts';
import { readLoosely } from '../../../extension/language/loose-tree.ts';
import { atMark, chosenOf } from '../../support/language-facts.ts';

const facts = {
  files: (kind: 'script' | 'cdrom') => Promise.resolve(kind === 'script' ? ['login.install.yaml'] : ['debian.iso']),
};

function completion(marked: string) {
  const { text, offset } = atMark(marked);
  return installCompletionAt(text, offset, facts);
}

const labels = async (marked: string): Promise<readonly string[]> =>
  ((await completion(marked))?.items ?? []).map(({ label }) => label);

const chosen = async (marked: string, label: string): Promise<string> =>
  chosenOf(atMark(marked).text, await completion(marked), label);

describe('an install script offers', () => {
  test('its keys, the steps first', async () => {
    expect(await labels('|')).toEqual(['steps', 'description', 'vars', 'timeout', 'typing']);
    expect(await chosen('st|', 'steps')).toBe('steps:\n  - ');
  });

  test('whole steps, then keys that begin one, where a step begins', async () => {
    const found = await labels('steps:\n  - |');

    expect(found.slice(0, 4)).toEqual(['expect, then send', 'first of several', 'again and again', 'name']);
    expect(found).toContain('first-of');
    expect(found).not.toContain('until');
    expect(found).not.toContain('else');
  });

  test('what goes with the keys that a step has, and only one thing to do', async () => {
    expect(await labels('steps:\n  - expect: x\n    |')).toEqual([
      ...['name', 'send', 'type', 'keys', 'first-of', 'repeat', 'wait', 'silence', 'set', 'include', 'cd', 'vm'],
      ...['timeout', 'else'],
    ]);
    expect(await labels('steps:\n  - repeat: 5\n    |')).toEqual(
      expect.arrayContaining(['until', 'while', 'steps', 'timeout', 'expect']),
    );
    expect(await labels('steps:\n  - repeat: 5\n    |')).not.toContain('send');
  });

  test('in steps within steps the same, and in branches what a branch has', async () => {
    expect(await labels('steps:\n  - repeat: 3\n    steps:\n      - send: x\n        |')).toEqual(['name', 'expect']);
    expect(await labels('steps:\n  - first-of:\n      - expect: x\n        |')).toEqual([
      'send',
      'type',
      'keys',
      'steps',
    ]);
  });

  test.each([
    ['steps:\n  - vm: |', ['reboot', 'reset', 'powerdown', 'off']],
    ['steps:\n  - include: |', ['login.install.yaml']],
    ['steps:\n  - cd: |', ['eject', 'debian.iso']],
    ['vars: { a: { secret: | } }', ['true', 'false']],
    ['vars: { user: root, pw: { secret: true } }\nsteps:\n  - send: |', ['${user}', '${pw}']],
  ])('values: %j', async (marked, expected) => {
    expect(await labels(marked)).toEqual(expected);
  });

  test('variables in the middle of a text, also those that steps fill', async () => {
    const before = 'vars: { user: root }\nsteps:\n  - expect: "/eth(?<nic>[0-9])/"\n  - set: { disk: vda }\n';

    expect(await labels(`${before}  - send: adduser \${|`)).toEqual(['${user}', '${nic}', '${disk}']);
    expect(await chosen(`${before}  - send: adduser \${u| -m`, '${user}')).toBe(
      `${before}  - send: adduser \${user} -m`,
    );
  });

  test('a variable as a text of its own, in quotes', async () => {
    expect(await chosen('vars: { user: root }\nsteps:\n  - send: |', '${user}')).toBe(
      'vars: { user: root }\nsteps:\n  - send: "${user}"',
    );
  });

  test('names of keys, and steps that fit where they are put', async () => {
    expect(await labels('steps:\n  - keys: [|]')).toEqual(expect.arrayContaining(['enter', 'f1', 'break', 'ctrl-c']));
    expect(await chosen('steps:\n  - |', 'expect, then send an answer to a prompt')).toBe(
      'steps:\n  - expect: "|"\n    send: "|"',
    );
  });
});

describe('the card of', () => {
  const card = (marked: string): string | undefined => {
    const { text, offset } = atMark(marked);
    return installHoverAt(text, offset)?.markdown;
  };

  test('a key says what it does', () => {
    expect(card('steps:\n  - |silence: 5s')).toContain('Waits until nothing was printed for so long.');
    expect(card('|timeout: 5s')).toContain('default `"60s"`');
  });

  test('a variable says where its value comes from, where it is made and where it is used', () => {
    const vars = 'vars:\n  user: root\n  pw: { secret: true, description: "[x](y) of root" }\n  disk: {}\n';

    expect(card(vars.replace('pw', '|pw'))).toBe(
      '**pw** · secret: asked for once, or from the environment; shown nowhere\n\n\\[x\\]\\(y\\) of root',
    );
    expect(card(`${vars}steps:\n  - send: login \${us|er} now`)).toBe('**user** · default `root`');
    expect(card(`${vars}steps:\n  - send: \${|disk}`)).toBe('**disk** · has to be given');
    expect(card(`${vars}steps:\n  - send: l|ogin \${user}`)).toBeUndefined();
    expect(card(`${vars}steps:\n  - send: $\${us|er}`)).toBeUndefined();
  });
});

describe('the outline', () => {
  const text = [
    'vars: { user: root, pw: { secret: true } }',
    'steps:',
    '  - name: log in',
    '    expect: "login:"',
    '    send: "${user}"',
    '  - repeat: 3',
    '    steps:',
    '      - keys: enter',
    '  - name: done',
    '    wait: 1s',
  ].join('\n');

  test('lists variables and steps, also inside of steps', () => {
    const shape = ({ name, detail, children }: InstallEntry): unknown =>
      children.length === 0 ? [name, detail] : [name, detail, children.map(shape)];

    expect(installOutline(readLoosely(text)).map(shape)).toEqual([
      [
        'vars',
        '',
        [
          ['user', 'root'],
          ['pw', 'secret'],
        ],
      ],
      [
        'steps',
        '',
        [
          ['log in', 'expect login: · send ${user}'],
          ['repeat 3', 'steps', [['keys enter', '']]],
          ['done', 'wait 1s'],
        ],
      ],
    ]);
  });

  test('holds every entry within the one around it', () => {
    const inside = ({ span, nameSpan, children }: InstallEntry): boolean =>
      [nameSpan, ...children.map(child => child.span)].every(one => span.start <= one.start && one.end <= span.end) &&
      children.every(inside);

    expect(installOutline(readLoosely(text)).every(inside)).toBe(true);
  });

  test('knows at which steps one can begin', () => {
    expect(
      namedSteps(readLoosely(text)).map(({ name, span }) => [name, text.slice(span.start, span.start + 6)]),
    ).toEqual([
      ['log in', '- name'],
      ['done', '- name'],
    ]);
  });

  test('of a half-typed script is what there is', () => {
    expect(installOutline(readLoosely('steps:\n  - '))).toMatchObject([{ name: 'steps', children: [] }]);
    expect(installOutline(readLoosely('vars:\nst'))).toMatchObject([{ name: 'vars', children: [] }]);
    expect(installOutline(readLoosely(''))).toEqual([]);
  });
});
