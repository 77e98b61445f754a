import { describe, expect, test } from 'vitest';
import { FakeTerminal } from '../../support/fake-terminal.ts';
import { switchProcess } from '../../support/fake-processes.ts';

const nic = { lab: 'dmz', kind: 'nic', name: 'web', number: 1 } as const;
const lan = { lab: 'dmz', kind: 'switch', name: 'lan', number: 0 } as const;

function setUp(): FakeTerminal {
  const terminal = new FakeTerminal();
  const { going, sizes } = terminal.captures;
  going.push({ pid: 71, startTicks: 5, subject: nic, file: '/work/web.pcap', filter: 'icmp' });
  going.push({ pid: 72, startTicks: 6, subject: lan, socket: '/run/u/kvmlab/dmz/switch-lan.mgmt' });
  sizes.held.set('/work/web.pcap', new Uint8Array(124));
  return terminal;
}

describe('kvmlab captures', () => {
  test('gives what goes on as JSON, null where there is nothing', async () => {
    const terminal = setUp();

    expect(await terminal.run('captures', '--json')).toBe(0);
    expect(terminal.json()).toEqual([
      { what: 'vm:dmz/web:1', ...nic, pid: 71, file: '/work/web.pcap', bytes: 124, filter: 'icmp' },
      { what: 'switch:dmz/lan', ...lan, pid: 72, file: null, bytes: null, filter: null },
    ]);
  });

  test.each(['web:1', 'dmz/web:1', '71'])('stops the one that is named %s, and no other', async which => {
    const terminal = setUp();

    expect(await terminal.run('captures', 'stop', which)).toBe(0);
    expect(terminal.captures.going.map(mark => mark.pid)).toEqual([72]);
  });

  test('says that there is none of that name', async () => {
    const terminal = setUp();

    expect(await terminal.run('captures', 'stop', 'fw:1')).toBe(1);
    expect(terminal.err).toContain('No capture of fw:1 goes on');
    expect(terminal.captures.going).toHaveLength(2);
  });

  test('has nothing to stop, and says so by its exit code', async () => {
    expect(await new FakeTerminal().run('captures', 'stop', 'all')).toBe(3);
  });
});

describe('kvmlab capture', () => {
  test('wants to know where to, before anything is captured', async () => {
    const terminal = setUp();
    terminal.processes.set(switchProcess(21, '/run/u/kvmlab/dmz', 'lan'));

    expect(await terminal.run('capture', 'lan')).toBe(2);
    expect(terminal.err).toContain('-w FILE');
    expect(terminal.captures.written.size).toBe(0);
  });

  test('refuses a filter that the small language does not have, and names it', async () => {
    const terminal = setUp();
    terminal.processes.set(switchProcess(21, '/run/u/kvmlab/dmz', 'lan'));

    expect(await terminal.run('capture', 'lan', '-w', 'x.pcap', '--filter', 'greater 100')).toBe(1);
    expect(terminal.err).toContain('greater');
    expect(terminal.captures.written.size).toBe(0);
  });
});
