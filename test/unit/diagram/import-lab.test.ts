import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { labDiagram } from '../../../extension/diagram/from-lab.ts';
import { importLab, type ImportedLab } from '../../../extension/diagram/import/import-lab.ts';
import { readDiag } from '../../../extension/diagram/language/reader.ts';
import { writeDiag } from '../../../extension/diagram/language/write-diag.ts';
import type { Lab } from '../../../extension/lab/model.ts';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { plainDiag, randomDiag } from '../../support/diag-generator.ts';
import { randomLab } from '../../support/lab-generator.ts';
import { readSample, samples } from '../../support/samples.ts';

const imported = (text: string, usedIds: readonly number[] = []): ImportedLab =>
  importLab(text, readDiag(text), { name: 'drawn', usedIds, readLab });

/** The lab that comes out, which must be one without errors. */
function labOf(text: string): Lab {
  const { text: made } = imported(text);
  const { lab, problems } = readLab(made);
  const errors = problems.filter(problem => problem.severity === 'error');
  expect(errors, made).toEqual([]);
  return lab ?? expect.fail(made);
}

/** `name: switch addresses` of each NIC. */
const nicsOf = (lab: Lab): readonly string[] =>
  lab.vms.flatMap(vm => vm.nics.map(nic => [`${vm.name}: ${nic.switch}`, ...nic.addresses].join(' ')));

describe('a .diag as a lab file', () => {
  test('networks are switches, nodes are VMs with the lowest free IDs, lines are NICs', () => {
    const text =
      '{ network lan { address = "10.0.0.0/24"; fw [address = "10.0.0.1"]; pc [address = ".20"] } network { fw } }';
    const { vms, switches } = labOf(text);

    expect(switches.map(({ name, network }) => [name, network])).toEqual([
      ['lan', '10.0.0.0/24'],
      ['fw', undefined],
    ]);
    expect(nicsOf(labOf(text))).toEqual(['fw: lan 10.0.0.1/24', 'fw: fw', 'pc: lan 10.0.0.20/24']);
    expect(vms.map(({ id, isTinyGuest, forward }) => [id, isTinyGuest, forward])).toEqual([
      [1, true, true],
      [2, true, false],
    ]);
    expect(imported(text, [1, 3]).text).toMatch(/fw:\n {4}id: 2\n[^]*pc:\n {4}id: 4\n/);
  });

  test('a cloud is a way out, and whoever hangs on it asks for an address', () => {
    const lab = labOf('{ inet [shape = cloud]; inet -- router; network lan { router; web } }');

    expect(lab.switches.map(({ name, slirp }) => [name, slirp !== undefined])).toEqual([
      ['inet-router', true],
      ['lan', false],
    ]);
    expect(nicsOf(lab)).toEqual(['router: inet-router dhcp', 'router: lan', 'web: lan']);
  });

  test('what cannot be carried over is told, with the thing it was', () => {
    const text =
      '{ network lan { address = "10.0.0.0/24"; a [address = "10.9.9.9, USB"]; b [address = "10.0.0.7"]; c [address = ".7"] } route { a -> b } }';

    expect(nicsOf(labOf(text))).toEqual(['a: lan', 'b: lan 10.0.0.7/24', 'c: lan']);
    expect(imported(text).losses).toEqual([
      'Not carried over: what is no free address of its network (a: 10.9.9.9, a: USB, c: 10.0.0.7/24).',
      'Not carried over: routes.',
    ]);
  });

  test('names become safe and stay different; captions become descriptions', () => {
    const lab = labOf('{ network "my net" { "web 1" [label = "Web\\nserver"]; "web-1"; lab; Büro } }');

    expect(lab.switches[0]).toMatchObject({ name: 'my-net', description: 'my net' });
    expect(lab.vms.map(vm => vm.name)).toEqual(['web-1', 'web-1-2', 'lab_', 'Buro']);
    expect(lab.vms[0]?.description).toBe('Web server');
  });

  test('comments go along with what they stand before or behind', () => {
    const text =
      '// the file\nnwdiag {\n  // the office\n  network lan {\n    pc; // a desk\n    /* two\n       lines */ srv;\n  }\n}\n';

    expect(imported(text).text).toBe(
      [
        ...['# the file', 'name: drawn', 'defaults: { memory: 96M } # enough for the tiny guest', ''],
        ...['switches:', '  # the office', '  lan: {}', ''],
        ...['vms:', '  # a desk', '  pc:', '    id: 1', '    guest: tiny', '    nics:', '      - { switch: lan }'],
        ...[
          '  # two',
          '  # lines',
          '  srv:',
          '    id: 2',
          '    guest: tiny',
          '    nics:',
          '      - { switch: lan }',
          '',
        ],
      ].join('\n'),
    );
  });

  test('any diagram becomes a lab without errors', () => {
    fc.assert(
      fc.property(fc.oneof(randomDiag, plainDiag), text => {
        labOf(text);
      }),
      { numRuns: 150 },
    );
  });

  test('hostile names, addresses and comments stay texts', () => {
    const text =
      '{ network n { "x: {}\\n  evil: true" [label = "*a &b !!c"]; "<img>" [address = "}], vms: {"]; } // ]}: - \u2028x\n}';
    const lab = labOf(text);

    expect(lab.vms.map(vm => vm.name)).toEqual(['x-n-evil-true', 'img']);
  });
});

/** PlantUML takes none in names. */
const withoutDashes = (name: string): string => name.replaceAll('-', '_');

describe('lab → .diag → lab', () => {
  const again = (lab: Lab): Lab => labOf(writeDiag(labDiagram(lab), 'portable').text);

  test.each(samples)('sample $name keeps VMs, switches, addresses, uplinks and wires', sample => {
    const { lab } = readSample(sample);
    if (!lab) expect.fail('no lab');
    const back = again(lab);

    expect([...nicsOf(back)].sort()).toEqual(nicsOf(lab).map(withoutDashes).sort());
    expect(back.switches.map(({ name: id, network, slirp }) => [id, network, slirp !== undefined])).toEqual(
      lab.switches.map(({ name: id, network, slirp }) => [id, network, slirp !== undefined]),
    );
    expect(back.wires.map(wire => wire.ends.map(end => end.switch))).toEqual(
      lab.wires.map(wire => wire.ends.map(end => end.switch)),
    );
    expect(back.groups.map(group => group.vms)).toEqual(lab.groups.map(group => group.vms.map(withoutDashes)));
  });

  test('a tap and VLANs with addresses', () => {
    const { lab } = readLab(
      'switches: { lan: { network: 10.0.0.0/24, tap: { interface: kvm0, address: 10.0.0.1/24 } } }\nvms:\n  r: { id: 1, guest: tiny, nics: [{ switch: lan, tagged: { 20: 10.2.0.1/24 } }] }\n',
    );
    const back = again(lab ?? expect.fail('no lab'));

    expect(back.switches[0]?.tap).toMatchObject({ interface: 'kvm0', address: '10.0.0.1/24' });
    expect(back.vms[0]?.nics[0]?.tagged).toEqual([{ vlan: 20, addresses: ['10.2.0.1/24'] }]);
  });

  test('random labs come back without errors', () => {
    fc.assert(
      fc.property(randomLab, ({ text }) => {
        const { lab } = readLab(text);
        if (lab?.vms.some(vm => vm.nics.length > 0)) again(lab);
      }),
      { numRuns: 60 },
    );
  });
});
