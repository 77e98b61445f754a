import { describe, expect, test } from 'vitest';
import { settle } from '../../support/console-fakes.ts';
import { FakeLog, FakeLogFile } from '../../support/fake-log.ts';
import { processEntry, vmProcess } from '../../support/fake-processes.ts';
import { FakeTerminal } from '../../support/fake-terminal.ts';

const run = '/run/u/kvmlab/dmz';

function setUp(): FakeTerminal {
  const terminal = new FakeTerminal({ '/work/dmz.lab.yaml': 'vms: { fw: { id: 31 }, idle: { id: 40 } }\n' });
  terminal.processes.set(
    vmProcess(11, run, 'fw', 31),
    vmProcess(12, '/run/u/kvmlab/other', 'fw', 32),
    vmProcess(13, '/run/u/kvmlab/other', 'web', 33),
    vmProcess(14, '/run/u/kvmlab/third', 'web', 34),
    processEntry(16, ['kvm', '-name', 'fw', '-serial', 'telnet:127.0.0.1:4001,server,nowait']),
    processEntry(15, ['kvm', '-name', 'win', '-serial', 'telnet:127.0.0.1:4000,server,nowait']),
  );
  return terminal;
}

/** A command that goes on until the test lets it end. */
async function begun(terminal: FakeTerminal, ...words: readonly string[]) {
  const code = terminal.run('konnect', ...words);
  for (let turn = 0; turn < 5; turn += 1) await settle();
  return { code, tty: terminal.consoles.terminal, dialer: terminal.consoles.dialer };
}

describe('kvmlab konnect finds', () => {
  test.each([
    [['fw'], 10_031],
    [['other/fw'], 10_032],
    [['33'], 10_033],
    [['win'], 4000],
    [['4000'], 4000],
    [['20031'], 20_031],
    [['fw', 'monitor'], 20_031],
    [['idle'], 10_040],
  ])('%j', async (words, port) => {
    const terminal = setUp();

    const { dialer, tty, code } = await begun(terminal, ...words);
    tty.type('\u001dq');

    expect([dialer.ports, await code]).toEqual([[port], 0]);
  });

  test('no VM by a name that two have, unless one is of this folder’s lab', async () => {
    const terminal = setUp();

    expect(await terminal.run('konnect', 'web')).toBe(2);
    expect(terminal.err).toContain('web may be other/web (port 10033) or third/web (port 10034).');
  });

  test('no VM that is nowhere', async () => {
    const terminal = setUp();

    expect(await terminal.run('konnect', 'ghost')).toBe(1);
    expect(terminal.err).toContain('There is no serial of a VM ghost');
  });

  test.each([
    [[], 'To the console of which VM?'],
    [['fw', 'display'], 'A VM has the consoles serial and monitor, and no display.'],
    [['fw', '--json'], '--json goes with --list.'],
    [['fw', '--follow'], '--follow goes with --log.'],
    [['fw', '--timeout', '3'], '--timeout goes with --send or --expect.'],
    [['fw', '--list'], '--list shows the consoles of all VMs.'],
    [['fw', '--expect', '('], 'Unterminated group'],
    [['fw', '--send', '\\q'], 'In --send, a backslash stands before'],
    [['fw', '--send', 'x', '--timeout', 'soon'], '--timeout takes seconds'],
  ])('%j makes no sense', async (words, message) => {
    const terminal = setUp();

    expect(await terminal.run('konnect', ...words)).toBe(2);
    expect(terminal.err).toContain(message);
  });
});

describe('kvmlab konnect --list', () => {
  test('gives every console with who is connected', async () => {
    const terminal = setUp();
    terminal.consoles.holders.held.set(10_031, { pid: 99, program: 'telnet' });

    expect(await terminal.run('konnect', '--list', '--json')).toBe(0);
    expect(terminal.json()).toEqual(
      expect.arrayContaining([
        {
          ...{ vm: 'fw', lab: 'dmz', id: 31, console: 'serial', port: 10_031, log: `${run}/fw.console.log` },
          holder: { pid: 99, program: 'telnet' },
        },
        { vm: 'win', lab: null, id: null, console: 'serial', port: 4000, log: null, holder: null },
      ]),
    );
    await terminal.run('konnect', '--list');
    expect(terminal.out).toMatch(/^VM +LAB +ID +CONSOLE +PORT +HELD BY\n/);
    expect(terminal.out).toMatch(/^fw +dmz +31 +serial +10031 +telnet \(process 99\)$/m);
  });

  test('says so when there is nothing', async () => {
    const terminal = new FakeTerminal();

    await terminal.run('konnect', '--list');

    expect(terminal.out).toBe('No VM with a console runs on this host.\n');
  });
});

describe('kvmlab konnect in a terminal', () => {
  test('types, prints and leaves, with raw keys in between', async () => {
    const terminal = setUp();
    const { code, tty, dialer } = await begun(terminal, 'fw');
    dialer.link.greet();
    dialer.link.print('login: ');

    tty.type('root\r');
    const rawBefore = tty.rawCount;
    tty.type('\u001dq');

    expect(await code).toBe(0);
    expect([rawBefore, tty.rawCount, tty.listenerCount, terminal.clock.pending]).toEqual([1, 0, 0, 0]);
    expect(terminal.out).toBe('login: ');
    expect(String.fromCharCode(...dialer.link.written)).toBe('root\r');
    expect(terminal.err).toContain('Ctrl-] then q leaves, b sends a break');
    expect(terminal.err).toContain('connected to fw, serial console, port 10031');
  });

  test('held by somebody else it ends with 3 and says how to take it', async () => {
    const terminal = setUp();
    terminal.consoles.holders.held.set(10_031, { pid: 99, program: 'telnet' });
    const { code } = await begun(terminal, 'fw');

    terminal.clock.advance(2000);

    expect(await code).toBe(3);
    expect(terminal.err).toContain('telnet (process 99) holds this console. Take it over with: kvmlab konnect --take');
    expect(terminal.consoles.holders.ended).toEqual([]);
  });

  test('with --take the other one is ended, and then it is connected', async () => {
    const terminal = setUp();
    terminal.consoles.holders.held.set(10_031, { pid: 99, program: 'telnet' });
    const { code, tty, dialer } = await begun(terminal, 'fw', '--take');
    terminal.clock.advance(2000);
    await settle();

    dialer.link.greet();
    tty.type('x\u001dq');

    expect([await code, terminal.consoles.holders.ended, dialer.link.written]).toEqual([0, [10_031], [0x78]]);
  });

  test('one that cannot be taken is refused with the reason', async () => {
    const terminal = setUp();
    terminal.consoles.holders.refusal = 'it belongs to another user.';
    const { code } = await begun(terminal, 'fw', '--take');

    terminal.clock.advance(2000);

    expect(await code).toBe(3);
    expect(terminal.err).toContain('it belongs to another user.');
  });

  test('what is piped in waits for the connection, and its end is the end', async () => {
    const terminal = setUp();
    terminal.consoles.terminal.isInteractive = false;
    const { code, tty, dialer } = await begun(terminal, 'fw');
    tty.type('too early');

    dialer.link.greet();
    tty.type('\u001dq');
    tty.end();

    expect([await code, dialer.link.written]).toEqual([0, [0x1d, 0x71]]);
  });

  test('called off from outside it leaves', async () => {
    const terminal = setUp();
    const { code, tty } = await begun(terminal, 'fw');

    terminal.cancel.cancel();

    expect([await code, tty.rawCount]).toEqual([0, 0]);
  });
});

describe('kvmlab konnect for scripts', () => {
  test('types, prints what comes, and ends with 0 when it is what was expected', async () => {
    const terminal = setUp();
    const { code, dialer } = await begun(terminal, 'fw', '--send', 'id\\n', '--expect', 'uid=\\d+');
    dialer.link.greet();
    dialer.link.print('id\r\n');

    dialer.link.print('uid=0');

    expect([await code, terminal.out, terminal.clock.pending]).toEqual([0, 'id\r\nuid=0', 0]);
    expect(dialer.link.written).toEqual([0x69, 0x64, 0x0a]);
  });

  test('without --expect it ends when it has typed', async () => {
    const terminal = setUp();
    const { code, dialer } = await begun(terminal, 'fw', '--send', 'x');

    dialer.link.greet();

    expect([await code, dialer.link.written]).toEqual([0, [0x78]]);
  });

  test('types into the monitor only after its prompt', async () => {
    const terminal = setUp();
    const { code, dialer } = await begun(terminal, 'fw', 'monitor', '--send', 'q\\r', '--expect', 'bye');
    dialer.link.greet();
    dialer.link.print('QEMU, bye\r\n');
    const early = [...dialer.link.written];

    dialer.link.print('(qemu) ');
    dialer.link.print('bye');

    expect([early, await code, terminal.out]).toEqual([[], 0, 'bye']);
  });

  test('gives up in time with the last lines', async () => {
    const terminal = setUp();
    const { code, dialer } = await begun(terminal, 'fw', '--expect', 'never', '--timeout', '2');
    dialer.link.greet();
    dialer.link.print('one\r\ntwo\u001b[2J\r\n');

    terminal.clock.advance(2000);

    expect(await code).toBe(1);
    expect(terminal.err).toContain('did not come in time. Its last lines:\n    one\n    two\n');
  });

  test('says that nothing was connected', async () => {
    const terminal = setUp();
    terminal.consoles.dialer.mood = 'refuses';
    const { code } = await begun(terminal, 'fw', '--send', 'x', '--timeout', '2');

    terminal.clock.advance(2000);

    expect(await code).toBe(1);
    expect(terminal.err).toContain('the serial of dmz/fw could not be connected in time. Is it running?');
  });
});

describe('kvmlab konnect --log', () => {
  const withLog = (text: string) => {
    const terminal = setUp();
    const file = new FakeLogFile(text);
    terminal.consoles.logs.set(`${run}/fw.console.log`, new FakeLog(file));
    return { terminal, file };
  };

  test('prints all of it', async () => {
    const { terminal } = withLog('boot\r\n\u001b[6nlogin: ');

    expect([await terminal.run('konnect', 'fw', '--log'), terminal.out]).toEqual([0, 'boot\r\n\u001b[6nlogin: ']);
  });

  test('on a screen without what the terminal would answer', async () => {
    const { terminal } = withLog('boot\r\n\u001b[6nlogin: ');
    terminal.consoles.terminal.isScreen = true;

    await terminal.run('konnect', 'fw', '--log');

    expect(terminal.out).not.toContain('\u001b[6n');
    expect(terminal.out).toContain('login: ');
  });

  test('goes on with --follow until it is called off', async () => {
    const { terminal, file } = withLog('old ');
    const { code } = await begun(terminal, 'fw', '--log', '--follow');
    terminal.clock.advance(100);
    await settle();
    file.append('new');
    await settle();

    terminal.cancel.cancel();

    expect([await code, terminal.out, file.watchers.size, terminal.clock.pending]).toEqual([0, 'old new', 0, 0]);
  });

  test('says where there is none', async () => {
    const terminal = setUp();

    expect(await terminal.run('konnect', 'fw', '--log')).toBe(1);
    expect(terminal.err).toContain('dmz/fw has no console log yet');
    expect(await terminal.run('konnect', 'fw', 'monitor', '--log')).toBe(1);
    expect(terminal.err).toContain('only serial consoles of a lab');
  });
});
