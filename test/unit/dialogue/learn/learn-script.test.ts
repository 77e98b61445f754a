import { describe, expect, test } from 'vitest';
import { learnScript } from '../../../../extension/dialogue/learn/learn-script.ts';
import { readInstallScript } from '../../../../extension/dialogue/reading/read-install-script.ts';
import { scriptText } from '../../../../extension/dialogue/script-text.ts';
import { echoed, hidden, keyed, recorded, type SessionPart } from '../../../support/recorded-session.ts';

/** The steps, a line each, as the script has them. */
function learned(...parts: readonly SessionPart[]): readonly string[] {
  const text = scriptText(learnScript(recorded(...parts)), 'x');
  expect(readInstallScript(text).problems).toEqual([]);
  const steps = text
    .slice(text.indexOf('steps:') + 'steps:'.length)
    .split(/\n {2}- /)
    .slice(1);
  return steps.map(step => step.trimEnd().replaceAll(/\n\s+/g, ', '));
}

describe('a recorded session', () => {
  test('becomes what is waited for and what is typed then', () => {
    expect(
      learned(
        ['out', '[    0.52] Booting\r\nDebian GNU/Linux 12 vm1 ttyS0\r\n\r\nvm1 login: '],
        ...echoed('root'),
        ['out', 'Password: '],
        ...hidden('s3cret!'),
        ['out', 'Last login: Mon Nov 23 07:05:16 UTC 2026\r\nroot@vm1:~# \u001b[6n'],
        ...echoed('ip address add 10.0.0.1/24 dev eth0'),
        ['out', 'root@vm1:~# '],
      ),
    ).toEqual([
      "expect: 'vm1 login:', send: root",
      "expect: 'Password:', send: ${password}",
      'expect: root@vm1:~#, send: ip address add 10.0.0.1/24 dev eth0',
      'expect: root@vm1:~#',
    ]);
  });

  test('has what was sent in the end where a line was edited', () => {
    expect(
      learned(
        ['out', '~ # '],
        ...keyed(['l', 'l'], ['x', 'x'], ['\u007f', '\b \b'], ['s', 's'], ['\r', '\r\n']),
        ['out', 'a.txt\r\n~ # '],
        ...keyed(['c', 'c'], ['t', 't'], ['\u001b[D', '\b'], ['a', 'at\b'], ['\u001b[C', 't'], ['\r', '\r\n']),
        ['out', '~ # '],
      ),
    ).toEqual(["expect: '/^~ # /', send: ls", "expect: '/^~ # /', send: cat", "expect: '/^~ # /'"]);
  });

  test('has what a shell completed, also where it listed what there is, and what it had in its history', () => {
    expect(
      learned(
        ['out', 'root@vm:~# '],
        ...keyed(['c', 'c'], ['d', 'd'], [' ', ' '], ['/', '/'], ['e', 'e'], ['\t', 'tc/'], ['\r', '\r\n']),
        ['out', 'root@vm:/etc# '],
        ...keyed(['c', 'c'], ['d', 'd'], [' ', ' '], ['\t', '\r\napt/  ssh/\r\nroot@vm:/etc# cd '], ['s', 's']),
        ...keyed(['\t', 'sh/'], ['\r', '\r\n']),
        ['out', 'root@vm:/etc/ssh# '],
        ...keyed(['\u001b[A', 'cd ssh/'], ['\u001b[A', '\b\b\b\b\b\b\bcd /etc/\u001b[K'], ['\r', '\r\n']),
        ['out', 'root@vm:/etc# '],
      ),
    ).toEqual([
      'expect: root@vm:~#, send: cd /etc/',
      'expect: root@vm:/etc#, send: cd ssh/',
      'expect: root@vm:/etc/ssh#, send: cd /etc/',
      'expect: root@vm:/etc#',
    ]);
  });

  test('has lines as they were typed though the kernel speaks in between, and keys that were typed ahead', () => {
    expect(
      learned(
        ['out', 'vm1 login: '],
        ...keyed(['r', 'r'], ['o', 'o'], ['o', 'o\r\n[   12.5] e1000: eth0 is up\r\n'], ['t', 't'], ['\r', '\r\n']),
        ['out', '# '],
        ['in', 'sleep 9\rls\r'],
        ['out', 'sleep 9\r\nls\r\na b\r\n# '],
      ),
    ).toEqual(["expect: 'vm1 login:', send: root", 'expect: /^# /, send: sleep 9', 'send: ls', 'expect: /^# /']);
  });

  test('has nothing of what a terminal answers by itself, nor the marks of a paste', () => {
    expect(
      learned(
        ['out', '~ # \u001b[6n'],
        ['in', '\u001b[24;5R'],
        ['in', '\u001b[200~echo a\u001b[201~'],
        ['out', 'echo a'],
        ['in', '\r'],
        ['out', '\r\na\r\n~ # \u001b[6n'],
        ['in', '\u001b[24;5R'],
      ),
    ).toEqual(["expect: '/^~ # /', send: echo a", "expect: '/^~ # /'"]);
  });

  test('has keys where a program takes them one by one', () => {
    const menu = (line: number): string => `\u001b[${line}H\u001b[7m item ${'abc'[line] ?? ''} \u001b[0m`;
    expect(
      learned(
        ['out', '\u001b[2J\u001b[H GNU GRUB  version 2.06\u001b[20;4HIt boots automatically in 5s.'],
        ...keyed(['\u001b[B', menu(1)], ['\u001b[B', menu(2)], ['\r', '\u001b[2J']),
        ['out', 'Loading Linux ...\r\nfile 1\r\n--More--'],
        ...keyed([' ', '\r        \rfile 2\r\n--More--'], ['q', '\r        \r\r\n# ']),
        ...keyed(['\u001bOA', 'ls'], ['\u0003', '^C\r\n# ']),
      ),
    ).toEqual([
      'expect: /It boots automatically in [\\d.,]+s\\./, keys: down',
      'expect: item b, keys: down',
      'expect: item c, keys: enter',
      "expect: --More--, type: ' '",
      'expect: --More--, type: q',
      'expect: /^# /, type: "\\eOA"',
      'expect: /ls/, keys: ctrl-c',
      'expect: /^# /',
    ]);
  });
});

describe('what is waited for', () => {
  test.each([
    ['a prompt behind a time', '12:01:59 vm1 # ', "'/^[\\d:.,]+ vm1 # /'"],
    ['the end of a long line', `${'word '.repeat(20)}Continue? `, 'word word word word word word word Continue?'],
    [
      'what stands behind a number',
      '\r\n[   12.345678] Please press Enter to activate. ',
      'Please press Enter to activate.',
    ],
    ['a choice', 'Choice [1-4]: ', "'Choice [1-4]:'"],
    ['numbers that count', 'Disk 3 of 5? ', '/^Disk [\\d.,]+ of [\\d.,]+\\? /'],
    ['names with numbers', 'debian-12 tty1> ', 'debian-12 tty1>'],
    ['what comes behind a bar of progress', '\r[=>  ] 10%\r[==> ] 55%\r[===>] 99% fetched', 'fetched'],
    ['no spinner', 'Loading |\b/\b-\b\\', 'Loading'],
    ['an address', 'Got 10.0.2.15 from de:ad:be:ef:00:01 (server)', '(server)'],
    ['a line that ended', 'The system is ready.\r\n', 'The system is ready.'],
    ['a text that looks like an expression', '/dev/sda/', '/\\/dev\\/sda\\//'],
    ['a text that looks like a variable', 'Give ${name}:', "'Give $${name}:'"],
  ])('is %s', (_, printed, pattern) => {
    expect(learned(['out', printed], ['in', 'x'], ['out', 'x'], ['in', '\r'])[0]).toContain(`expect: ${pattern}, `);
  });

  test('comes only at the end: what came before in the same way is waited for too', () => {
    expect(
      learned(
        ['out', 'login: old news\r\nStarting sshd\r\nlogin: '],
        ...echoed('root'),
        ['out', 'x\r\n# '],
        ...echoed('echo # '),
      ),
    ).toEqual(['expect: Starting sshd', "expect: 'login:', send: root", "expect: /^# /, send: 'echo # '"]);
  });
});

test.each([
  ['blanks', `${' '.repeat(300_000)}x${' '.repeat(300_000)}`],
  ['numbers and signs without a line end', '[1.2] 10:20 - | = 0xff '.repeat(20_000)],
  ['half a sequence', '\u001b[0;'.repeat(100_000)],
  ['what may be a password', 'password '.repeat(60_000)],
])('a guest that prints %s is learned from too', (_, printed) => {
  const steps = learned(['out', `${printed}\r\n# `], ...echoed('ls'), ['out', printed], ['in', '\r']);

  expect(steps[0]).toBe('expect: /^# /, send: ls');
  expect(steps.at(-1)).toContain('keys: enter');
});

describe('time', () => {
  test('that a step took gives it a limit; silence behind a prompt is a person who thinks', () => {
    expect(
      learned(
        ['out', '# '],
        ...echoed('apt-get install x'),
        ['out', 'Done.\r\n# ', 90_000],
        ['in', 'ls', 60_000],
        ['out', 'ls'],
        ['in', '\r'],
      ),
    ).toEqual(['expect: /^# /, send: apt-get install x', 'expect: /^# /, timeout: 5m, send: ls']);
  });

  test('becomes a wait where there is nothing else to wait for', () => {
    expect(learned(['out', 'Starting.\r\n'], ['in', '\r', 12_000], ['in', '\u001b[B', 4200])).toEqual([
      'expect: Starting., wait: 12s',
      'keys: enter',
      'wait: 5s',
      'keys: down',
    ]);
  });
});

describe('secrets', () => {
  const shownFor = (...parts: readonly SessionPart[]) => {
    const { secrets, values, steps } = learnScript(recorded(...parts));
    return {
      names: secrets.map(({ name }) => name),
      values: [...values.values()],
      text: scriptText({ secrets, steps }, 'x'),
    };
  };

  test('get names by what asked for them; the same one twice is one', () => {
    const { names, values } = shownFor(
      ['out', 'New password: '],
      ...hidden('gnome42'),
      ['out', 'Retype new password: '],
      ...hidden('gnome42'),
      ['out', 'Enter passphrase for key: '],
      ...hidden('elves!'),
      ['out', 'PIN: '],
      ...hidden('0815'),
      ['out', 'Token? '],
      ...hidden('abc'),
      ['out', 'Password: '],
      ...hidden('other'),
    );

    expect(names).toEqual(['password', 'passphrase', 'pin', 'secret', 'password2']);
    expect(values).toEqual(['gnome42', 'elves!', '0815', 'abc', 'other']);
  });

  test.each<[string, readonly SessionPart[]]>([
    ['was echoed, as the prompt came late', [['out', 'Password: '], ...echoed('gnome42')]],
    [
      'was shown as stars',
      [['out', 'Key? '], ...keyed(...Array.from('gnome42', (k): [string, string] => [k, '*']), ['\r', '\r\n'])],
    ],
    ['was corrected', [['out', 'Password: '], ...hidden('gnomx\u007fe42')]],
    [
      'was typed in a window',
      [
        ['out', '\u001b[2J\u001b[5;10HRoot password for the new system\u001b[8;10H_______\u001b[8;10H'],
        ...keyed(...Array.from('gnome42', (k, at): [string, string] => [k, `\u001b[8;${10 + at}H*`]), [
          '\t',
          '\u001b[9;10H<Continue>',
        ]),
        ['in', '\r'],
      ],
    ],
    [
      'is said again',
      [['out', 'Password: '], ...hidden('gnome42'), ['out', 'Yours is gnome42> '], ...echoed('echo gnome42$gnome42')],
    ],
  ])('are not in the script if one %s', (_, parts) => {
    const { text, values } = shownFor(...parts);

    expect(text).not.toContain('gnome42');
    expect(values).toEqual(['gnome42']);
    expect(text).toContain('${');
    expect(readInstallScript(text).problems).toEqual([]);
  });
});
