import { describe, expect, test } from 'vitest';
import { commands } from '../../../extension/cli/main.ts';
import { FakeTerminal } from '../../support/fake-terminal.ts';

describe('kvmlab', () => {
  test('alone shows how it is used, and calls that an error', async () => {
    const terminal = new FakeTerminal();

    expect([await terminal.run(), terminal.out]).toEqual([2, '']);
    expect(terminal.err).toContain('Usage: kvmlab COMMAND');
  });

  test.each([[['help']], [['--help']], [['-h']]])('%j names every command', async words => {
    const terminal = new FakeTerminal();

    expect(await terminal.run(...words)).toBe(0);
    for (const command of commands) expect(terminal.out).toContain(`\n  ${command.name}`);
  });

  test.each(commands.map(command => [command]))('$name has a help of its own, by two ways', async command => {
    const terminal = new FakeTerminal();

    await terminal.run('help', command.name);
    const byHelp = terminal.out;
    expect(await terminal.run(command.name, '--help')).toBe(0);

    if (command.name !== 'help') expect(terminal.out).toBe(byHelp);
    expect(byHelp).toContain(`Usage: kvmlab ${command.name}`);
    for (const option of command.options) expect(byHelp).toContain(`--${option.name}`);
  });

  test('fits in a terminal of 100 columns', async () => {
    const terminal = new FakeTerminal();
    const helps: string[] = [];
    for (const words of [['help'], ...commands.map(command => ['help', command.name])]) {
      await terminal.run(...words);
      helps.push(terminal.out);
    }

    const lines = helps.flatMap(help => help.split('\n'));

    expect(lines.filter(line => line.length > 100)).toEqual([]);
  });

  test('says its version', async () => {
    const terminal = new FakeTerminal();

    expect([await terminal.run('--version'), terminal.out]).toEqual([0, '1.2.3\n']);
  });

  test.each([
    [['strat'], 'There is no command strat.'],
    [['help', 'strat'], 'There is no command strat.'],
    [['kvmlist', 'x'], '"kvmlist" can do nothing with x.'],
    [['status', '--jsno'], 'There is no option --jsno.'],
    [['script', './a.lab.yaml', 'b'], '"script" can do nothing with b.'],
    [['status', 'fw'], 'This folder holds no *.lab.yaml.'],
  ])('%j is refused with the exit code for usage', async (words, message) => {
    const terminal = new FakeTerminal();

    expect(await terminal.run(...words)).toBe(2);
    expect([terminal.out, terminal.err]).toEqual(['', expect.stringContaining(message) as string]);
  });

  test('lets a bug through, so that it is seen', async () => {
    const terminal = new FakeTerminal();
    terminal.management.ask = () => {
      throw new TypeError('bug');
    };
    terminal.store.setHost = () => undefined;
    Object.defineProperty(terminal.store, 'host', { get: () => undefined });

    await expect(terminal.run('kvmlist')).rejects.toThrow(TypeError);
  });
});

describe('kvmlab script', () => {
  const file = { '/work/dmz.lab.yaml': 'vms:\n  fw: { id: 31 }\n' };

  test('prints the paths of what it wrote', async () => {
    const terminal = new FakeTerminal(file);

    expect([await terminal.run('script'), terminal.out]).toEqual([0, '/work/dmz/fw.sh\n']);
    expect(terminal.written).toEqual([{ lab: '/work/dmz.lab.yaml', out: undefined }]);
  });

  test('writes to another folder if asked', async () => {
    const terminal = new FakeTerminal(file);

    await terminal.run('script', 'dmz.lab.yaml', '--out', 'there');

    expect(terminal.written).toEqual([{ lab: '/work/dmz.lab.yaml', out: '/work/there' }]);
  });

  test('writes nothing for a lab with errors', async () => {
    const terminal = new FakeTerminal({ '/work/dmz.lab.yaml': 'vms:\n  fw: { id: 99999 }\n' });

    expect([await terminal.run('script'), terminal.written]).toEqual([1, []]);
  });
});

describe('kvmlab guest', () => {
  test.each([
    [[], { dir: undefined, force: false, usb: false }],
    [['guest'], { dir: '/work/guest', force: false, usb: false }],
    [['--force', '/x'], { dir: '/x', force: true, usb: false }],
    [['--usb', 'guest'], { dir: '/work/guest', force: false, usb: true }],
  ])('with %j makes it there', async (words, order) => {
    const terminal = new FakeTerminal();

    expect(await terminal.run('guest', ...words)).toBe(0);
    expect(terminal.guests).toEqual([order]);
    expect(terminal.out).toMatch(/vmlinuz\n.*initrd\n$/);
    expect(terminal.err).toBe('Making the guest\n');
  });

  test('with USB is not made where all labs find theirs', async () => {
    const terminal = new FakeTerminal();

    expect(await terminal.run('guest', '--usb')).toBe(2);
    expect(terminal.guests).toEqual([]);
    expect(terminal.err).toContain('Name a DIR for the guest with USB');
  });
});
