import { describe, expect, test } from 'vitest';
import { FakeTerminal } from '../../support/fake-terminal.ts';

const lab = (network: string): string => `switches: { lan: { network: "${network}" } }\nvms: {}\n`;

/** Of RFC 1918 only 192.168.0.0/22 is left. */
const narrow = (terminal: FakeTerminal): FakeTerminal => {
  const high = ['128.0/17', '64.0/18', '32.0/19', '16.0/20', '8.0/21', '4.0/22'].map(rest => `192.168.${rest}`);
  terminal.routes.push('0.0.0.0/0', '10.0.0.0/8', '172.16.0.0/12', ...high);
  return terminal;
};

describe('kvmlab getnet', () => {
  test('gives a network of the size that was asked for, /24 if none was', async () => {
    const terminal = new FakeTerminal();

    expect([await terminal.run('getnet', '20'), terminal.err]).toEqual([0, '']);
    expect(terminal.out).toMatch(/^(10|172|192)\.\d+\.\d+\.0\/20\n$/);
    expect(await terminal.run('getnet')).toBe(0);
    expect(terminal.out).toMatch(/^(10|172|192)\.\d+\.\d+\.0\/24\n$/);
  });

  test('gives the same for a seed', async () => {
    const terminal = new FakeTerminal();
    const of = async (seed: string): Promise<string> => {
      await terminal.run('getnet', '/28', '--seed', seed, '--count', '3');
      return terminal.out;
    };

    expect(await of('42')).toBe(await of('42'));
    expect(await of('42')).not.toBe(await of('43'));
  });

  test('leaves out what the labs of the folder and the host have', async () => {
    const terminal = narrow(
      new FakeTerminal({ '/work/a.lab.yaml': lab('192.168.0.0/24'), '/work/b.lab.yml': lab('192.168.2.128/25') }),
    );

    expect(await terminal.run('getnet', '24', '--count=2', '--json')).toBe(0);
    expect(terminal.json()).toEqual({ networks: expect.anything() as unknown, free: 2 });
    expect((terminal.json() as { networks: string[] }).networks.toSorted()).toEqual([
      '192.168.1.0/24',
      '192.168.3.0/24',
    ]);
    expect(await terminal.run('getnet', '25', '--count', '5')).toBe(0);
    expect(terminal.out.split('\n').toSorted()).toEqual([
      ...['', '192.168.1.0/25', '192.168.1.128/25', '192.168.2.0/25', '192.168.3.0/25', '192.168.3.128/25'],
    ]);
  });

  test('says when there is none left, and what takes the room', async () => {
    const terminal = narrow(new FakeTerminal({ '/work/a.lab.yaml': lab('192.168.2.0/24') }));

    expect([await terminal.run('getnet', '22'), terminal.out]).toEqual([1, '']);
    expect(terminal.err).toMatch(
      /^kvmlab: No private network of size \/22 is free: .*10\.0\.0\.0\/8.* There are enough of size \/23\.\n$/,
    );
  });

  test('says which lab it could not look at', async () => {
    const terminal = new FakeTerminal({ '/work/a.lab.yaml': '- 1\n' });

    expect(await terminal.run('getnet')).toBe(0);
    expect(terminal.err).toBe('a.lab.yaml cannot be read, so its networks may be given too.\n');
  });

  test('--ipv6 gives networks of one new site', async () => {
    const terminal = new FakeTerminal();

    expect(await terminal.run('getnet', '--ipv6', '--count', '4', '--json')).toBe(0);
    const { networks, free } = terminal.json() as { networks: string[]; free: number };
    expect([new Set(networks).size, free]).toEqual([4, 2 ** 40]);
    expect(networks.filter(network => !/^fd[\da-f]{2}:.*::\/64$/.test(network))).toEqual([]);
    expect(await terminal.run('getnet', '--ipv6', '56')).toBe(0);
    expect(terminal.out).toMatch(/^fd.*\/56\n$/);
  });

  test.each([
    [['7'], 'from 8 to 30, not 7'],
    [['31'], 'from 8 to 30, not 31'],
    [['x'], 'from 8 to 30, not x'],
    [['24', '--ipv6'], 'from 48 to 64, not 24'],
    [['--count', '0'], '--count takes a whole number from 1 to 65536, not 0'],
    [['--seed', '-1'], '--seed takes a whole number'],
    [['24', '25'], 'can do nothing with 25'],
  ])('does not take %j', async (words, message) => {
    const terminal = new FakeTerminal();

    expect(await terminal.run('getnet', ...words)).toBe(2);
    expect(terminal.err).toContain(message);
  });
});
