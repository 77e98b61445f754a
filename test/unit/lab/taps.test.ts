import { expect, test } from 'vitest';
import { checkHostSteps } from '../../../extension/lab/checks/check-host-steps.ts';
import { readLab } from '../../../extension/lab/reading/reader.ts';

/** The marked place and the code of each problem of a switch with this tap. */
function problemsOf(tap: string, more = ''): readonly string[] {
  const text = `switches: { a: { tap: { interface: t0, ${tap} } }${more} }\nvms: {}\n`;
  const { lab, problems } = readLab(text, { fileName: 'x.lab.yaml' });
  return [...problems, ...checkHostSteps(lab!)].map(
    ({ code, severity, span }) => `${severity} ${code} ${text.slice(span.start, span.end)}`,
  );
}

test('a tap can be nothing but an interface, hand everything on, or be in a bridge', () => {
  expect(problemsOf('group: labs')).toEqual([]);
  expect(problemsOf('address: 10.9.0.1/24, nat: true, proxy: "10.1.2.3:3128", dns: 10.1.2.3')).toEqual([]);
  expect(problemsOf('bridge: br0, lan: eth0')).toEqual([]);
});

test.each([
  ['nat without an address', 'nat: true', ['error missing-key true']],
  ['a proxy at an IPv6 address', 'address: "fd00::1/64", proxy: "10.1.2.3:80"', ['error missing-key "10.1.2.3:80"']],
  ['a proxy without a port', 'address: 10.9.0.1/24, proxy: 10.1.2.3', ['error bad-value 10.1.2.3']],
  ['a name server that is none', 'address: 10.9.0.1/24, dns: dns.example', ['error bad-value dns.example']],
  ['a name server on loopback', 'address: 10.9.0.1/24, dns: 127.0.0.53', ['error bad-value 127.0.0.53']],
  ['nat in a bridge', 'nat: true, bridge: br0', ['error bad-value true']],
  ['an address in a bridge', 'address: 10.9.0.1/24, bridge: br0', ['warning bad-value 10.9.0.1/24']],
  ['a LAN without a bridge', 'lan: eth0', ['error missing-key eth0']],
  ['a bridge that is the LAN', 'bridge: eth0, lan: eth0', ['error bad-value eth0']],
  ['a bridge with a name of 16 letters', 'bridge: abcdefghijklmnop', ['error bad-value abcdefghijklmnop']],
])('%s is a problem with its place', (_what, tap, expected) => {
  expect(problemsOf(tap)).toEqual(expected);
});

test('this host is in each network once', () => {
  const other = (address: string) => `, b: { tap: { interface: t1, address: ${address} } }`;

  expect(problemsOf('address: 10.9.0.1/24', other('10.9.1.1/24'))).toEqual([]);
  expect(problemsOf('address: 10.9.0.1/16', other('10.9.1.1/24'))).toEqual(['error address-double 10.9.1.1/24']);
});
