import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { parseBpf, runBpf } from '../../../extension/packets/bpf.ts';
import { FilterError, parseFilter } from '../../../extension/packets/filter.ts';
import { knownFrames } from '../../support/known-frames.ts';

const names = Object.keys(knownFrames) as (keyof typeof knownFrames)[];
const passing = (filter: (bytes: Uint8Array, length: number) => boolean): readonly string[] =>
  names.filter(name => filter(knownFrames[name], knownFrames[name].length));

describe('the small filter', () => {
  test.each([
    ['icmp', ['ping', 'taggedPing']],
    ['arp or stp', ['rstp', 'arpRequest']],
    ['vlan 10', ['taggedPing']],
    ['vlan', ['taggedPing']],
    ['not vlan and icmp', ['ping']],
    ['port 80', ['syn', 'httpRequest']],
    ['tcp dst port 80', ['syn', 'httpRequest']],
    ['udp src port 53', ['dnsAnswer']],
    ['src host 10.77.0.3', ['dnsAnswer']],
    ['host fe80::5054:ff:fe26:9001', ['echoReply6']],
    ['ether src 00:FF:91:32:a9:77', ['rstp']],
    ['ip6 && !(tcp || udp)', ['echoReply6']],
    ['(port 67 or port 53) and not host 10.77.0.3', ['dhcpDiscover', 'dhcpAck']],
  ])('%s', (text, expected) => {
    expect([...passing(parseFilter(text))].sort()).toEqual([...expected].sort());
  });

  test.each([
    '',
    'and',
    'icmp icmp',
    'port x',
    'port 99999',
    'host 10.1',
    'host ::1::',
    '(arp',
    'ether arp',
    'nonsense',
  ])('"%s" is refused', text => {
    expect(() => parseFilter(text)).toThrow(FilterError);
  });
});

describe("the packet filter's machine", () => {
  /** `tcpdump -ddd -y EN10MB 'icmp and host 10.77.0.12'`. */
  const program = parseBpf(
    ['10', '40 0 0 12', '21 0 7 2048', '48 0 0 23', '21 0 5 1', '32 0 0 26', '21 2 0 172818444'].join('\n') +
      '\n32 0 0 30\n21 0 1 172818444\n6 0 0 262144\n6 0 0 0\n',
  );

  test('runs what tcpdump makes of a filter', () => {
    expect(passing((bytes, length) => runBpf(program, bytes, length))).toEqual(['ping']);
  });

  test('refuses a frame that ends before what is asked for', () => {
    expect(runBpf(program, knownFrames.ping.subarray(0, 28), 98)).toBe(false);
  });

  test.each([
    ['a division by zero', '2\n52 0 0 0\n6 0 0 1'],
    ['a jump into nowhere', '1\n5 0 0 4000000000'],
    ['no return', '1\n0 0 0 5'],
  ])('%s lets nothing pass', (_, text) => {
    expect(runBpf(parseBpf(text), knownFrames.ping, 98)).toBe(false);
  });

  test.each([
    ['arithmetic', '8\n0 0 0 7\n4 0 0 5\n36 0 0 3\n52 0 0 4\n20 0 0 1\n84 0 0 12\n21 0 0 8\n22 0 0 0', true],
    ['index, memory and length', '6\n177 0 0 14\n129 0 0 0\n3 0 0 5\n96 0 0 5\n21 0 1 98\n6 0 0 1', true],
  ])('%s', (_, text, expected) => {
    expect(runBpf(parseBpf(text), knownFrames.ping, 98)).toBe(expected);
  });

  test.each(['', '2\n6 0 0 0', 'nonsense', '1\n6 0 x 0'])('"%s" is no program', text => {
    expect(() => parseBpf(text)).toThrow();
  });
});

const hasTcpdump = ((): boolean => {
  try {
    execFileSync('tcpdump', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

test.runIf(hasTcpdump)('both ways to filter agree where there are no tags', () => {
  const untagged = names.filter(name => name !== 'taggedPing');
  for (const text of ['icmp', 'arp', 'ip6', 'tcp', 'udp port 53', 'src host 10.77.0.3', 'not (ip or ip6)', 'port 68']) {
    const program = parseBpf(execFileSync('tcpdump', ['-n', '-ddd', '-y', 'EN10MB', text], { encoding: 'utf8' }));
    const small = parseFilter(text);
    for (const name of untagged) {
      const frame = knownFrames[name];
      expect([text, name, runBpf(program, frame, frame.length)]).toEqual([text, name, small(frame, frame.length)]);
    }
  }
});
