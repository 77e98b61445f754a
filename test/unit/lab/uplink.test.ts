import { describe, expect, test } from 'vitest';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { bootFiles, checkBootFiles } from '../../../extension/lab/files.ts';
import { uplinkAddresses, uplinkLines } from '../../../extension/lab/uplink.ts';

const only = (keys: string) => readLab(`switches: { inet: { ${keys} } }`).lab!;

describe('the addresses of an uplink are those of QEMU’s user network', () => {
  test.each([
    [undefined, '10.0.2.2', '10.0.2.3', '10.0.2.15', '10.0.2.30'],
    ['192.168.5.0/24', '192.168.5.2', '192.168.5.3', '192.168.5.15', '192.168.5.30'],
    ['10.8.0.0/16', '10.8.2.2', '10.8.2.3', '10.8.2.15', '10.8.2.30'],
    ['10.9.9.96/27', '10.9.9.98', '10.9.9.99', '10.9.9.111', '10.9.9.126'],
  ])('%s', (network, host, nameServer, first, last) => {
    expect(uplinkAddresses(network)).toEqual({ host, nameServer, leases: [first, last] });
  });

  test.each(['fd00::/64', '10.0.0.0/28'])('%s has no room for it', network => {
    expect(uplinkAddresses(network)).toBeUndefined();
  });
});

describe('what an uplink is', () => {
  test('with forwards', () => {
    expect(
      uplinkLines(only('slirp: { forward: [tcp 2222 10.0.2.15:22, "udp 0.0.0.0:53 10.0.2.16:53"] }').switches[0]!),
    ).toEqual([
      'Router 10.0.2.2, name server 10.0.2.3',
      'DHCP gives 10.0.2.15 to 10.0.2.30',
      'Forwards tcp 127.0.0.1:2222 to 10.0.2.15:22',
      'Forwards udp 0.0.0.0:53 to 10.0.2.16:53',
    ]);
  });

  test('a boot server without a way outside', () => {
    expect(uplinkLines(only('network: 10.1.0.0/24, pxe: { root: tftp, file: a/b.ipxe }').switches[0]!)).toEqual([
      'Boot server 10.1.0.2, no way outside',
      'DHCP gives 10.1.0.15 to 10.1.0.30',
      'PXE boots a/b.ipxe from tftp',
    ]);
  });

  test('a switch without one', () => {
    expect(uplinkLines(only('').switches[0]!)).toEqual([]);
  });
});

test('slirp: false beside pxe: is no way outside, and slirp: true is one', () => {
  const pxe = 'pxe: { root: tftp, file: boot.ipxe }';

  expect(only(`slirp: false, ${pxe}`).switches[0]?.slirp).toMatchObject({ port: 1, pxe: { isClosed: true } });
  expect(only(`slirp: true, ${pxe}`).switches[0]?.slirp).toMatchObject({ port: 1, pxe: { isClosed: false } });
});

describe('what is booted has to be there', () => {
  const lab = only('pxe: { root: tftp/, file: boot.ipxe }');
  const missing = (...there: readonly string[]) =>
    checkBootFiles(lab, path => there.includes(path)).map(one => one.message);

  test('the folder, then the file in it', () => {
    expect(bootFiles(lab)).toEqual(['tftp/', 'tftp/boot.ipxe']);
    expect(missing()).toEqual([
      expect.stringContaining('The folder that VMs boot from on switch inet is not there: tftp/.'),
    ]);
    expect(missing('tftp/')).toEqual([expect.stringContaining('is not there: tftp/boot.ipxe.')]);
    expect(missing('tftp/', 'tftp/boot.ipxe')).toEqual([]);
  });

  test('each at its place', () => {
    const text = 'switches: { inet: { pxe: { root: tftp, file: boot.ipxe } } }';
    const at = (there: readonly string[]) => {
      const [problem] = checkBootFiles(readLab(text).lab!, path => there.includes(path));
      return problem && text.slice(problem.span.start, problem.span.end);
    };

    expect([at([]), at(['tftp'])]).toEqual(['tftp', 'boot.ipxe']);
  });
});
