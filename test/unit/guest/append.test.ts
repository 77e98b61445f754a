import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkGuests, longestAppend, tinyGuestAppend } from '../../../extension/guest/append.ts';
import type { Vm } from '../../../extension/lab/model.ts';
import { lab, nic, vm } from '../../support/lab-builder.ts';

const tiny = (parts: Partial<Vm>): Vm => vm('fw', 31, { isTinyGuest: true, ...parts });

/** Reads a command line as the guest's init does: words at blanks, `lab.KEY=VALUE` of ours, lists at commas. */
function readAppend(append: string): ReadonlyMap<string, readonly string[]> {
  const ours = append.split(' ').flatMap(word => /^lab\.([^=]+)=(.*)$/.exec(word)?.slice(1) ?? []);
  return new Map(ours.flatMap((key, at) => (at % 2 === 0 ? [[key, (ours[at + 1] ?? '').split(',')] as const] : [])));
}

const address = fc.oneof(
  fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 32 })).map(parts => parts.join('/')),
  fc.tuple(fc.ipV6(), fc.integer({ min: 0, max: 128 })).map(parts => parts.join('/')),
  fc.constant('dhcp'),
);
const tagged = fc.uniqueArray(
  fc.record({ vlan: fc.integer({ min: 1, max: 4094 }), addresses: fc.array(address, { maxLength: 3 }) }),
  { selector: one => one.vlan, maxLength: 4 },
);
const anyVm = fc
  .record({
    name: fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,30}$/),
    nics: fc.array(fc.record({ addresses: fc.array(address, { maxLength: 4 }), tagged }), { maxLength: 6 }),
    gateway: fc.option(fc.oneof(fc.ipV4(), fc.ipV6()), { nil: undefined }),
    forward: fc.boolean(),
  })
  .map(({ nics, ...parts }) => tiny({ ...parts, nics: nics.map((one, at) => nic(at + 1, 'lan', one)) }));

describe("a tiny guest's kernel command line", () => {
  test('says all that the lab file says of the VM', () => {
    const fw = tiny({
      gateway: '10.0.0.254',
      forward: true,
      append: 'panic=5  loglevel=7',
      nics: [
        nic(1, 'lan', {
          addresses: ['10.0.0.1/24', 'fd00::1/64'],
          tagged: [
            { vlan: 10, addresses: ['10.10.0.1/24'] },
            { vlan: 20, addresses: [] },
          ],
        }),
        nic(2, 'dmz'),
        nic(3, 'inet', { addresses: ['dhcp'] }),
      ],
    });

    expect(tinyGuestAppend(fw)).toBe(
      'console=ttyS0 quiet no_timer_check lab.name=fw lab.nics=3 lab.eth0=10.0.0.1/24,fd00::1/64 lab.eth0.10=10.10.0.1/24 lab.eth0.20=up ' +
        'lab.eth2=dhcp lab.gateway=10.0.0.254 lab.forward=1 panic=5 loglevel=7',
    );
  });

  test('is short for a VM without a network', () => {
    expect(tinyGuestAppend(tiny({}))).toBe('console=ttyS0 quiet no_timer_check lab.name=fw');
  });

  test('reads back to the VM, whatever the VM', () => {
    fc.assert(
      fc.property(anyVm, one => {
        const words = readAppend(tinyGuestAppend(one));

        const expected = new Map<string, readonly string[]>([['name', [one.name]]]);
        if (one.nics.length > 0) expected.set('nics', [String(one.nics.length)]);
        for (const { number, addresses, tagged: tags } of one.nics) {
          if (addresses.length > 0) expected.set(`eth${number - 1}`, addresses);
          for (const tag of tags) {
            expected.set(`eth${number - 1}.${tag.vlan}`, tag.addresses.length > 0 ? tag.addresses : ['up']);
          }
        }
        if (one.gateway !== undefined) expected.set('gateway', [one.gateway]);
        if (one.forward) expected.set('forward', ['1']);
        expect(words).toEqual(expected);
      }),
    );
  });

  test('gets no word from a value that is not what it should be', () => {
    const anything = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('a b', 'x\nlab.name=y', '', '$(reboot)', '"', 'a,b', 'ü'),
    );
    fc.assert(
      fc.property(anything, anything, anything, (name, one, gateway) => {
        const text = tinyGuestAppend(
          tiny({ name, gateway, nics: [nic(1, 'lan', { addresses: [one], tagged: [{ vlan: 1, addresses: [one] }] })] }),
        );

        expect(text).toMatch(
          /^console=ttyS0 quiet no_timer_check( lab\.(name|nics|eth0|eth0\.1|gateway)=[\w.:/%-]+)*$/,
        );
      }),
    );
  });

  test("keeps the words of the VM's own append, on one line", () => {
    expect(tinyGuestAppend(tiny({ append: ' a="b\n c"\t' }))).toBe(
      'console=ttyS0 quiet no_timer_check lab.name=fw a="b c"',
    );
  });
});

describe('the check of tiny guests', () => {
  const nics = (count: number): readonly ReturnType<typeof nic>[] =>
    Array.from({ length: count }, (_, at) => nic(at + 1, 'lan', { addresses: [`10.0.${at}.1/24`] }));

  test('finds a command line that the kernel would cut', () => {
    const long = tiny({ nics: nics(120), nameSpan: { start: 3, end: 5 } });

    const [problem, ...others] = checkGuests(lab({ vms: [long] }));

    expect(others).toEqual([]);
    expect(problem).toMatchObject({ code: 'append-too-long', severity: 'error', span: { start: 3, end: 5 } });
    expect(problem?.message).toContain(
      `VM fw: the kernel command line of its tiny guest would have ${tinyGuestAppend(long).length} bytes`,
    );
  });

  test.each([
    [0, 0],
    [1, 1],
  ])('counts bytes to the last one that fits, and %i more', (more, problems) => {
    const free = longestAppend - tinyGuestAppend(tiny({})).length - ' '.length;

    // An é has two bytes.
    const append = `é${'x'.repeat(free - 2 + more)}`;

    expect(checkGuests(lab({ vms: [tiny({ append })] }))).toHaveLength(problems);
  });

  test('warns of a NIC that the guest has no driver for', () => {
    const vms = [
      tiny({ nics: [nic(1, 'lan'), nic(2, 'lan', { model: 'e1000' }), nic(3, 'lan', { model: 'vmxnet3' })] }),
    ];

    expect(checkGuests(lab({ vms }))).toMatchObject([
      { code: 'bad-value', severity: 'warning', message: /NIC 2: .* e1000/ },
    ]);
  });

  test('has nothing to say of other VMs', () => {
    expect(checkGuests(lab({ vms: [{ ...tiny({ nics: nics(120) }), isTinyGuest: false }] }))).toEqual([]);
  });
});
