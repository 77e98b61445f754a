import { describe, expect, test } from 'vitest';
import { FakeTerminal } from '../../support/fake-terminal.ts';

const good = 'switches:\n  lan: {}\nvms:\n  fw: { id: 31, nics: [{ switch: lan }] }\n';
const bad = 'switches:\n  lan: {}\nvms:\n  fw: { id: 31, nics: [{ switch: wan }] }\n';

describe('kvmlab check', () => {
  test('says nothing but the count about a good lab', async () => {
    const terminal = new FakeTerminal({ '/work/dmz.lab.yaml': good });

    expect([await terminal.run('check', 'dmz.lab.yaml'), terminal.out, terminal.err]).toEqual([
      0,
      '',
      '1 lab file: 0 errors, 0 warnings.\n',
    ]);
  });

  test('prints an error with its place, counted from 1, and ends with 1', async () => {
    const terminal = new FakeTerminal({ '/work/dmz.lab.yaml': bad });

    expect(await terminal.run('check', './dmz.lab.yaml')).toBe(1);
    expect(terminal.out).toMatch(/^\.\/dmz\.lab\.yaml:4:34: error: .*wan.* \[unknown-switch\]\n$/);
  });

  test('gives exactly the promised keys as JSON', async () => {
    const terminal = new FakeTerminal({ '/work/dmz.lab.yaml': bad });

    expect(await terminal.run('check', '--json', 'dmz.lab.yaml')).toBe(1);
    expect(terminal.json()).toEqual([
      {
        file: 'dmz.lab.yaml',
        code: 'unknown-switch',
        severity: 'error',
        message: expect.stringContaining('wan') as string,
        line: 4,
        column: 34,
        endLine: 4,
        endColumn: 37,
      },
    ]);
  });

  test('gives an empty list as JSON for a good lab', async () => {
    const terminal = new FakeTerminal({ '/work/dmz.lab.yaml': good });

    expect([await terminal.run('check', '--json'), terminal.json(), terminal.err]).toEqual([0, [], '']);
  });

  test('checks several files against each other', async () => {
    const terminal = new FakeTerminal({ '/work/a.lab.yaml': good, '/work/b.lab.yaml': good });

    expect(await terminal.run('check', '--json', 'a.lab.yaml', 'b.lab.yaml')).toBe(1);
    expect(terminal.json()).toMatchObject([
      { file: 'a.lab.yaml', code: 'id-double' },
      { file: 'b.lab.yaml', code: 'id-double' },
    ]);
  });

  test('warns of a missing tiny guest without failing', async () => {
    const terminal = new FakeTerminal({ '/work/dmz.lab.yaml': 'vms:\n  fw: { id: 31, guest: tiny }\n' });

    expect([await terminal.run('check', '--json'), terminal.json()]).toMatchObject([
      0,
      [{ code: 'guest-missing', severity: 'warning', line: 2 }],
    ]);
  });

  test.each([
    [['/work/guest/vmlinuz', '/work/guest/initrd'], 0],
    [['/home/u/guest/vmlinuz', '/home/u/guest/initrd'], 0],
    [['/work/guest/vmlinuz', '/home/u/guest/initrd'], 1],
  ])('with the guest files %j finds %i problems', async (guest, problems) => {
    const lab = { '/work/dmz.lab.yaml': 'vms:\n  fw: { id: 31, guest: tiny }\n' };
    const terminal = new FakeTerminal({ ...lab, ...Object.fromEntries(guest.map(file => [file, ''])) });

    await terminal.run('check', '--json');

    expect(terminal.json()).toHaveLength(problems);
  });

  test('looks for images beside the lab file and where an absolute path says', async () => {
    const vms = 'vms:\n  fw: { id: 31, disks: [x.qcow2, /img/y.qcow2, z.qcow2] }\n';
    const terminal = new FakeTerminal({ '/work/dmz.lab.yaml': vms, '/work/x.qcow2': '', '/img/y.qcow2': '' });

    expect(await terminal.run('check')).toBe(1);
    expect(terminal.out).toMatch(/^dmz\.lab\.yaml:2:.*z\.qcow2.*\[image-missing\]\n$/);
  });

  test('says which file is not there', async () => {
    const terminal = new FakeTerminal();

    expect([await terminal.run('check', 'x.lab.yaml'), terminal.err]).toEqual([
      1,
      'kvmlab: There is no lab file /work/x.lab.yaml.\n',
    ]);
  });

  test.each([
    [[], 'This folder holds no *.lab.yaml.'],
    [['a.lab.yaml', 'b.lab.yml'], 'Which lab file? This folder holds a.lab.yaml, b.lab.yml.'],
  ])('asks for a file where the folder holds %j', async (names, message) => {
    const terminal = new FakeTerminal(Object.fromEntries(names.map(name => [`/work/${name}`, good])));

    expect(await terminal.run('check')).toBe(2);
    expect(terminal.err).toContain(message);
  });
});
