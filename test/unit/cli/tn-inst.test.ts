import { expect, test } from 'vitest';
import { FakeLink, settle } from '../../support/console-fakes.ts';
import { FakeTerminal } from '../../support/fake-terminal.ts';

const login = `
vars: { user: root, password: { secret: true } }
steps:
  - name: login
    expect: 'login: '
    send: \${user}
  - { expect: 'Password: ', send: '\${password}' }
  - { expect: '# ', timeout: 5s }
`;

/** A terminal with the script, and a machine at the end of a line. */
function world(script = login): { readonly terminal: FakeTerminal; readonly link: FakeLink } {
  const terminal = new FakeTerminal({ '/work/login.install.yaml': script });
  const link = new FakeLink();
  terminal.installs.link = link;
  terminal.installs.secrets.set('password', 'hunter2');
  return { terminal, link };
}
const typedAt = ({ written }: FakeLink): string => new TextDecoder().decode(Uint8Array.from(written));

test('plays a script at a telnet line, with its steps on one stream and what is printed on the other', async () => {
  const { terminal, link } = world();
  const running = terminal.run(
    'tn-inst',
    'login.install.yaml',
    'box:2323',
    '--var',
    'user=me',
    '--transcript',
    'log.txt',
  );
  await settle();
  link.print([0xff, 0xfb, 1]);
  link.print('\u001b[1mlogin: ');
  link.print('me\r\nPassword: ');
  link.print('\r\nhunter2? # ');

  expect(await running).toBe(0);
  expect(terminal.installs.dialled).toEqual(['box:2323']);
  expect(link.written.slice(0, 3)).toEqual([0xff, 0xfd, 1]);
  expect(typedAt(link)).toContain('me\rhunter2\r');
  expect(terminal.out).toBe('login: me\nPassword: \n•••? # ');
  expect(terminal.err).toContain('[2/3] login.install.yaml:7: wait for "Password: ", send "${password}"');
  expect(terminal.err).toContain('printed a secret');
  const transcript = terminal.files.held.get('/work/log.txt')?.toString() ?? '';
  expect(transcript).toContain('── step 1 of 3: login: wait for "login: ", send "${user}"\nlogin: \n── step 2');
  expect([terminal.out, terminal.err, transcript].join('')).not.toContain('hunter2');
  expect(link.isDisposed).toBe(true);
  expect(terminal.clock.pending).toBe(0);
});

test('a stuck prompt is told with the step, what was expected and what came; exit code 1', async () => {
  const { terminal, link } = world();
  const running = terminal.run('tn-inst', 'login.install.yaml', 'box:23', '--json', '--from', '3');
  await settle();
  link.print('Login incorrect\r\n');
  terminal.clock.advance(5000);

  expect(await running).toBe(1);
  expect(terminal.json()).toEqual({
    ...{ outcome: 'stuck', step: 3, of: 3, file: 'login.install.yaml', line: 8, does: 'wait for "# "' },
    expected: ['# '],
    message: 'step 3 (wait for "# ") is stuck: "# " did not come within 5 s.',
    lastLines: ['Login incorrect'],
    guestShowedSecrets: false,
  });
});

test('a line that does not answer is exit code 3; calling it off is 1', async () => {
  const { terminal } = world();
  terminal.installs.link = undefined;
  const waiting = terminal.run('tn-inst', 'login.install.yaml', 'box:23', '--connect', '2');
  await settle();
  terminal.clock.advance(2000);
  expect(await waiting).toBe(3);

  const { terminal: other } = world();
  const running = other.run('tn-inst', 'login.install.yaml', 'ssh://me@box:2222');
  await settle();
  other.cancel.cancel();
  expect(await running).toBe(1);
  expect(other.installs.dialled).toEqual(['-tt -e none -p 2222 -- me@box']);
});

test.each([
  [['tn-inst'], 2, 'Which script'],
  [['tn-inst', 'login.install.yaml'], 2, 'Where is it to be played'],
  [['tn-inst', 'login.install.yaml', 'box:23', '--from', 'nowhere'], 2, 'no step nowhere'],
  [['tn-inst', 'login.install.yaml', 'box:23', '--var', 'user'], 2, 'NAME=VALUE'],
  [['tn-inst', 'login.install.yaml', 'box:23', '--var', 'nobody=x'], 1, 'no variable nobody'],
  [['tn-inst', 'login.install.yaml', 'box:23', '--var', 'password=x'], 1, 'KVMLAB_SECRET_PASSWORD'],
  [['tn-inst', 'login.install.yaml', 'ssh://-oProxyCommand=x'], 2, 'no address'],
  [['tn-inst', 'login.install.yaml', 'nobody'], 1, 'no serial of a VM nobody'],
  [['tn-inst', 'other.install.yaml', 'box:23'], 1, 'no install script'],
  [['tn-inst', 'bad.install.yaml', 'box:23'], 1, 'bad.install.yaml:1:10: error'],
])('%j: %d, %s', async (words, code, message) => {
  const { terminal } = world();
  terminal.files.held.set('/work/bad.install.yaml', 'steps: [ {} ]');

  expect(await terminal.run(...words)).toBe(code);
  expect(terminal.err).toContain(message);
});

test('a secret that the environment does not have is asked for, and not shown', async () => {
  const { terminal, link } = world();
  terminal.installs.secrets.clear();
  const running = terminal.run('tn-inst', 'login.install.yaml', 'box:23', '--from', '2');
  await settle();
  terminal.consoles.terminal.type('hunterx\u007f2\r');
  await settle();
  link.print('Password: # ');

  expect(await running).toBe(0);
  expect(terminal.err).toContain('Secret password: ');
  expect(typedAt(link)).toBe('hunter2\r');
  expect(`${terminal.out}${terminal.err}`).not.toContain('hunter');
});

test('where nobody can be asked, it is said how a secret is given', async () => {
  const { terminal } = world();
  terminal.installs.secrets.clear();
  terminal.consoles.terminal.isInteractive = false;

  expect(await terminal.run('tn-inst', 'login.install.yaml', 'box:23')).toBe(1);
  expect(terminal.err).toContain('KVMLAB_SECRET_PASSWORD');
});
