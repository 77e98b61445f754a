import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { newLab } from '../../../extension/lab/template.ts';
import { labTemplates } from '../../../extension/lab/templates.ts';
import { checkWorkspace } from '../../../extension/lab/checks/workspace-checks.ts';
import { readSample, samples } from '../../support/samples.ts';

describe('samples', () => {
  test.each(samples)('$name reads without a problem', sample => {
    const { lab, problems } = readSample(sample);

    expect(problems).toEqual([]);
    expect(lab?.name).toBe(sample.name);
    expect(lab?.vms.length).toBeGreaterThan(2);
  });

  test('can run side by side', () => {
    const labs = samples.map(sample => ({ path: sample.file, lab: readSample(sample).lab! }));

    expect([...checkWorkspace(labs).values()].flat()).toEqual([]);
  });
});

describe('templates', () => {
  test.each(labTemplates)('$label reads without a problem', ({ ids, text }) => {
    const freeIds = Array.from({ length: ids }, (_, at) => 900 + at);
    const { lab, problems } = readLab(text('my-lab', freeIds), { fileName: 'my-lab.lab.yaml' });

    expect(problems).toEqual([]);
    expect(lab?.name).toBe('my-lab');
    expect(lab?.vms.map(vm => vm.id)).toEqual(freeIds);
  });

  test('a firewall routes, and the others have it as their gateway', () => {
    const lab = readLab(labTemplates[2]!.text('x', [1, 2, 3])).lab!;

    expect(
      lab.vms.map(({ name, forward, gateway, nics }) => [name, forward, gateway, nics.flatMap(nic => nic.addresses)]),
    ).toEqual([
      ['fw', true, undefined, ['192.168.10.1/24', '10.1.0.1/24']],
      ['pc', false, '192.168.10.1', ['192.168.10.2/24']],
      ['web', false, '10.1.0.1', ['10.1.0.2/24']],
    ]);
  });
});

test('a lab that boots over the network has all that it takes but the files', () => {
  const text = labTemplates.find(({ label }) => label.includes('PXE'))!.text('thin', [7]);
  const { lab } = readLab(text);

  expect(lab).toMatchObject({ name: 'thin', switches: [{ slirp: { pxe: { root: 'tftp', file: 'boot.ipxe' } } }] });
  expect(lab?.vms).toMatchObject([{ id: 7, boot: ['network'], disks: [], nics: [{ switch: 'boot' }] }]);
});

describe('the questionnaire', () => {
  test('gives a lab in which each VM has the NICs that were asked for', () => {
    const text = newLab({
      name: 'q',
      description: 'It’s: a "test" # really',
      switches: [{ name: 'lan', network: '10.0.0.0/24' }, { name: 'bare' }],
      vms: [{ name: 'a', id: 7, switches: ['lan', 'bare'], description: 'yes' }],
    });
    const { lab, problems } = readLab(text);

    expect(problems).toEqual([]);
    expect(lab).toMatchObject({ name: 'q', description: 'It’s: a "test" # really' });
    expect(lab?.vms[0]).toMatchObject({ id: 7, isTinyGuest: true, description: 'yes' });
    expect(lab?.vms[0]?.nics.map(nic => [nic.switch, nic.addresses])).toEqual([
      ['lan', ['10.0.0.1/24']],
      ['bare', []],
    ]);
  });

  test('more VMs than addresses get none rather than a wrong one', () => {
    const vms = Array.from({ length: 4 }, (_, at) => ({ name: `v${at}`, id: at + 1, switches: ['lan'] }));
    const { lab, problems } = readLab(newLab({ name: 'q', switches: [{ name: 'lan', network: '10.0.0.0/30' }], vms }));

    expect(problems).toEqual([]);
    expect(lab?.vms.map(vm => vm.nics[0]?.addresses.length)).toEqual([1, 1, 0, 0]);
  });

  test('any text survives its quotes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), description => {
        expect(readLab(newLab({ name: 'q', description, switches: [], vms: [] })).lab?.description).toBe(description);
      }),
      { numRuns: 300 },
    );
  });

  test.each(['1', 'true', 'no', 'null', '0x1f', '1e3', '~', '-', '.5', 'a b'])('the name %s stays a name', name => {
    const { lab } = readLab(newLab({ name: 'q', switches: [{ name }], vms: [] }));

    expect(lab?.switches[0]?.name).toBe(name);
  });
});
