import { describe, expect, test } from 'vitest';
import { settle, type FakeLink } from '../../support/console-fakes.ts';
import { vmProcess } from '../../support/fake-processes.ts';
import { FakeMeetingPlace } from '../../support/fake-shares.ts';
import { FakeTerminal } from '../../support/fake-terminal.ts';

const leave = '\u001dq';

/** A lab whose VM runs, and a user who is connected to it, in order to be recorded. */
class Learning {
  readonly terminal = new FakeTerminal({
    '/work/old.install.yaml': 'steps: []\n',
  });

  constructor(vm = 'disks: [fw.qcow2]') {
    this.terminal.files.held.set('/work/dmz.lab.yaml', `vms: { fw: { id: 31, ${vm} } }\n`);
    this.terminal.processes.set(vmProcess(11, '/run/u/kvmlab/dmz', 'fw', 31));
    this.terminal.consoles.place = new FakeMeetingPlace();
  }

  async begin(...words: readonly string[]): Promise<{ readonly code: Promise<number> }> {
    const code = this.terminal.run('tn-inst', '--learn', ...words);
    await this.turns();
    this.terminal.consoles.dialer.links[0]?.greet();
    await this.turns();
    return { code };
  }

  async print(text: string): Promise<void> {
    this.link.print(text);
    await this.turns();
  }

  /** The console that was connected last. */
  get link(): FakeLink {
    return this.terminal.consoles.dialer.link;
  }

  async pass(ms: number): Promise<void> {
    this.terminal.clock.advance(ms);
    await this.turns();
  }

  async type(text: string): Promise<void> {
    this.terminal.consoles.terminal.type(text);
    await this.turns();
    // While it is recorded, it goes its way when all has been heard that was printed before.
    await this.pass(10);
  }

  written(name: string): string | undefined {
    return this.terminal.files.held.get(`/work/${name}`);
  }

  async turns(): Promise<void> {
    for (let turn = 0; turn < 20; turn += 1) await settle();
  }
}

describe('kvmlab tn-inst --learn', () => {
  test('writes what was typed as a script when the console is left, and says why it cannot be proven', async () => {
    const it = new Learning();
    const { code } = await it.begin('new.install.yaml', 'fw');

    await it.print('fw login: ');
    await it.type('root\r');
    await it.print('root\r\nPassword: ');
    await it.type('gnome42\r');
    await it.print('\r\n# ');
    await it.type(leave);

    expect(await code).toBe(0);
    expect(it.written('new.install.yaml')).toBe(`description: What was typed on the console of dmz/fw
vars:
  password:
    secret: true
    description: 'Password:'
steps:
  - expect: 'fw login:'
    send: root
  - expect: 'Password:'
    send: \${password}
  - expect: /^# /
`);
    expect(it.terminal.err).toContain('new.install.yaml has 3 steps. What was typed unseen is not in it: password.');
    expect(it.terminal.err).toContain(
      'not played again: There is no fresh fw: its disk fw.qcow2 has no image under it',
    );
    expect([...it.terminal.files.held.values()].join()).not.toContain('gnome42');
    expect(it.terminal.err + it.terminal.out).not.toContain('gnome42');
  });

  describe('plays the script on a fresh VM', () => {
    const begun = async () => {
      const it = new Learning('kernel: vmlinuz');
      const { code } = await it.begin('new.install.yaml', 'fw');
      await it.print('fw login: ');
      await it.type('gnome\r');
      await it.print('gnome\r\nPassword: ');
      await it.type('gnome42\r');
      await it.print('\r\n# ');
      await it.type(leave);
      it.link.greet();
      await it.turns();
      return { it, code };
    };
    const life = [
      /^\/work\/fresh-9\d{3}\/lab\.sh start$/,
      /^\/work\/fresh-9\d{3}\/lab\.sh kill$/,
      /^rm \/work\/fresh-9\d{3}$/,
    ];

    test('with the secrets that were just typed; nothing of it is left', async () => {
      const { it, code } = await begun();

      await it.print('another banner\r\nfw login: ');
      await it.print('gnome\r\nPassword: ');
      const typed = String.fromCharCode(...it.link.written);
      await it.print('\r\n# ');

      expect(await code).toBe(0);
      expect(typed).toMatch(/gnome\rgnome42\r$/);
      expect(it.terminal.installs.runs).toEqual(life.map(line => expect.stringMatching(line) as unknown));
      expect(it.terminal.err).toContain('new.install.yaml is done.');
      expect(it.terminal.err + it.terminal.out).not.toContain('gnome42');
    });

    test('and says at which step it came out differently', async () => {
      const { it, code } = await begun();

      await it.print('fw login: ');
      await it.print('gnome\r\nToken: ');
      await it.pass(61_000);

      expect(await code).toBe(1);
      expect(it.terminal.err).toContain('new.install.yaml:9');
      expect(it.terminal.err).toMatch(/Password:[^]*What came last:[^]*Token:/);
      expect(it.terminal.installs.runs).toEqual(life.map(line => expect.stringMatching(line) as unknown));
    });
  });

  test('writes nothing where nothing was typed', async () => {
    const it = new Learning();
    const { code } = await it.begin('new.install.yaml', 'fw');

    await it.print('fw login: ');
    await it.type(leave);

    expect(await code).toBe(1);
    expect(it.terminal.err).toContain('Nothing was typed on the console of dmz/fw, so there is no script.');
    expect(it.written('new.install.yaml')).toBeUndefined();
  });

  test.each([
    [['old.install.yaml', 'fw'], 3, 'old.install.yaml is there already'],
    [['new.install.yaml', 'fw', '--from', '2'], 2, '--from is for a script that is played'],
    [['new.install.yaml', 'fw', '--var', 'a=b'], 2, '--var is for a script that is played'],
    [['new.install.yaml', 'ghost'], 1, 'There is no serial of a VM ghost'],
  ])('refuses %j', async (words, code, message) => {
    const { terminal } = new Learning();

    expect(await terminal.run('tn-inst', '--learn', ...words)).toBe(code);
    expect(terminal.err).toContain(message);
  });

  test('does not know --no-replay without --learn', async () => {
    const { terminal } = new Learning();

    expect(await terminal.run('tn-inst', 'old.install.yaml', 'fw', '--no-replay')).toBe(2);
  });
});
