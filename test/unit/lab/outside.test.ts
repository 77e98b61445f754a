import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { outsideLabel, outsideName, readOutsideEnd } from '../../../extension/lab/outside.ts';
import { deadEndsOf } from '../../../extension/lab/reach.ts';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { renderLab } from '../../../extension/script/render-lab.ts';
import { readMarked } from '../../support/lab-marked.ts';

describe('where a wire may lead', () => {
  test.each([
    ['ssh://other/dmz/lan', 'other', undefined, 'dmz/lan'],
    ['ssh://me@other.example.org:2222/dmz/lan[7]', 'me@other.example.org', 2222, 'dmz/lan[7]'],
    ['ssh://other//run/vde/sw[3]', 'other', undefined, '/run/vde/sw[3]'],
  ])('%s', (url, host, port, place) => {
    expect(readOutsideEnd(url)).toEqual({ kind: 'ssh', url, host, port, place });
  });

  test.each([
    'vde:///run/vde/sw',
    'vde:///run/vde/sw[5]',
    'udp://127.0.0.1:5001->other:5002',
    'vxvde://239.1.2.3',
    'vxvde://239.1.2.3/v4/if=lo/vni=42',
    'vxlan://ff15::3/port=12345/vni=42',
    'tap://tap5',
  ])('%s', url => {
    expect(readOutsideEnd(url)).toEqual({ kind: 'url', url });
  });

  test.each([
    'cmd://rm -rf x',
    'CMD://x',
    'bonding:///cmd://x',
    'slirp:///tcpfwd=80:10.0.2.15:80',
    'constructor://x',
    '://',
    'ssh://-oProxyCommand=x/dmz/lan',
    'ssh://-l@other/dmz/lan',
    'ssh://me;x@other/dmz/lan',
    'ssh://other/dmz',
    'ssh://other/dmz/lan/more',
    'ssh://other//run/$(x)',
    "ssh://other//run/a'b",
    'ssh://other/../lan',
    'ssh://other:0/dmz/lan',
    'ssh://other:65536/dmz/lan',
    'udp://5001->other:5002',
    'udp://[::]:5001->other:5002',
    'udp://127.0.0.1:5001->-x:5002',
    'vde://relative',
    'vde:///run/sw\n',
    'tap://toolongnameofanif',
    'tap://a/b',
    'vxvde://239.1.2.3/x=1',
  ])('not %s', url => {
    expect(readOutsideEnd(url)).toMatch(/^[AW].+\.$/s);
  });

  test('whatever is taken holds nothing that a shell could take for more than a word', () => {
    const letters = fc.string({
      unit: fc.constantFrom(...Array.from('aA0-.@:/[]%+=,_$`\'";|&<>(){}*?! \n\\~#')),
      maxLength: 30,
    });
    const schemes = fc.constantFrom('ssh', 'vde', 'udp', 'vxvde', 'vxlan', 'tap', 'cmd');
    const urls = fc.tuple(schemes, letters).map(([scheme, rest]) => `${scheme}://${rest}`);

    fc.assert(
      fc.property(urls, url => {
        const end = readOutsideEnd(url);
        if (typeof end === 'string') return;
        const words = end.kind === 'ssh' ? [end.host, end.place] : [end.url.replace('->', '')];
        for (const word of words) expect(word).toMatch(/^[\w./][\w@%+=:,./[\]-]*$/);
      }),
    );
  });
});

describe('a wire that leaves the lab', () => {
  const text = (to: string, more = ''): string => `switches: { lan: {} }\nwires: [{ between: [lan, '${to}'] ${more} }]`;

  test('has a name that tells where it leads, and a port of its switch', () => {
    const { wires } = readLab(
      "switches: { lan: {} }\nwires: [{ between: [lan, 'ssh://me@a.b.c/x/y'] }, { between: [lan, 'ssh://a/x/z'] }, { between: [lan, 'tap://t0'] }, { between: [lan, 'udp://127.0.0.1:1->b:2'] }]",
    ).lab!;

    expect(wires.map(({ name, ends: [from, to] }) => [name, from.port, to.port, outsideLabel(to.outside!)])).toEqual([
      ['lan-a', 31, undefined, 'me@a.b.c\nx/y'],
      ['lan-a-2', 30, undefined, 'a\nx/z'],
      ['lan-tap', 29, undefined, 'tap\nt0'],
      ['lan-udp', 28, undefined, 'udp\nb:2'],
    ]);
    expect(outsideName('ssh://192.168.1.5/x/y')).toBe('192.168.1.5');
    expect(outsideName('cmd://x')).toBe('outside');
  });

  test.each([
    ['a URL that is refused', 'switches: { lan: {} }\nwires: [{ between: [lan, «cmd://ls»] }]', 'bad-value'],
    ['a URL in place of the switch', 'switches: { lan: {} }\nwires: [{ between: [«tap://t0», lan] }]', 'bad-value'],
    ['faults', 'switches: { lan: {} }\nwires: [{ between: [lan, «tap://t0»], delay: 20ms }]', 'bad-value'],
    ['a switch that is not there', 'switches: { lan: {} }\nwires: [{ between: [«lam», tap://t0] }]', 'unknown-switch'],
  ] as const)('%s is told at its place', (_, marked, code) => {
    const { found, expected } = readMarked(marked, [code]);

    expect(found).toEqual(expected);
  });

  test('may carry tags that nobody else has there', () => {
    const lab = readLab(
      `${text('tap://t0', ', tagged: [20]')}\nvms: { a: { id: 1, nics: [{ switch: lan, tagged: [20] }] } }`,
    ).lab!;

    expect(deadEndsOf(lab)).toEqual([]);
  });

  test('has scripts, which the lab starts; what they share is there only for them', () => {
    const names = (to: string) =>
      renderLab(readLab(text(to)).lab!, { source: 'x.lab.yaml', base: '..' }).map(({ name }) => name);

    expect(names('ssh://other/dmz/lan')).toEqual(expect.arrayContaining(['common-outside.sh', 'wire-lan-other.sh']));
    expect(names('cmd://x')).not.toContain('common-outside.sh');
  });
});
