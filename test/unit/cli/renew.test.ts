import { beforeEach, expect, test } from 'vitest';
import { commonScripts } from '../../../extension/lab/layout.ts';
import { FakeTerminal } from '../../support/fake-terminal.ts';

const labText = (memory: string, more = ''): string =>
  `name: dmz\nswitches: { lan: {} }\nvms:\n  fw: { id: 31, memory: ${memory}, nics: [{ switch: lan }] } # the firewall\n${more}`;
const [lab, script] = ['/work/dmz.lab.yaml', '/work/dmz/fw.sh'];

let terminal: FakeTerminal;
beforeEach(async () => {
  terminal = new FakeTerminal({ [lab]: labText('256M', '  old: { id: 32 }\n') });
  expect(await terminal.run('renew')).toBe(0);
});

const text = (file = script): string => terminal.files.held.get(file) ?? '';
const edit = (from: string, to: string): void => {
  expect(text()).toContain(from);
  terminal.files.held.set(script, text().replace(from, to));
};

test('writes what is missing, and the second time has nothing to do', async () => {
  expect([...terminal.files.held.keys()].filter(file => file.endsWith('.sh'))).toHaveLength(commonScripts.length + 4);

  expect(await terminal.run('renew')).toBe(3);
  expect(await terminal.run('renew', '--check')).toBe(0);
});

test('finds both the hand edit and the change of the lab file', async () => {
  edit('CPUS=1', 'CPUS=4');
  terminal.files.held.set(lab, labText('1G', '  old: { id: 32 }\n'));

  expect(await terminal.run('renew', '--check')).toBe(1);
  expect(text()).toContain('RAM=256M');
  expect(await terminal.run('renew')).toBe(0);

  expect(terminal.out).toBe('fw.sh: RAM 256M → 1G; your change stays: CPUS 1 → 4\n');
  expect(text()).toMatch(/RAM=1G\nCPUS=4\n/);
});

test('writes nothing where both sides changed the same, until one of them is chosen', async () => {
  edit('RAM=256M', 'RAM=2G');
  terminal.files.held.set(lab, labText('1G'));
  const before = text();

  expect(await terminal.run('renew')).toBe(1);
  expect(text()).toBe(before);
  expect(terminal.out).toContain(
    'fw.sh: clash: RAM is 2G by hand and 1G by the lab file (generated as 256M); suggested: yours, as you changed it by hand',
  );
  expect(await terminal.run('renew', '--keep-mine')).toBe(0);
  expect(text()).toContain('RAM=2G\n');
  expect(await terminal.run('renew')).toBe(3);
});

test('while a clash is open, it says of no script that it was written', async () => {
  edit('RAM=256M', 'RAM=2G');
  terminal.files.held.set(lab, labText('1G', '  new: { id: 33 }\n'));

  expect(await terminal.run('renew')).toBe(1);

  expect(terminal.out.split('\n')).toEqual([
    expect.stringMatching(/^fw\.sh: clash: /),
    expect.stringMatching(/^old\.sh: the lab file has it no more/),
    '',
  ]);
  expect(terminal.err).toMatch(/^dmz\.lab\.yaml: nothing was written, /);
  expect(terminal.files.held.has('/work/dmz/new.sh')).toBe(false);
});

test('--take-lab keeps a copy of what it gives up', async () => {
  edit('RAM=256M', 'RAM=2G');
  terminal.files.held.set(lab, labText('1G'));
  const before = text();

  expect(await terminal.run('renew', '--take-lab')).toBe(0);

  expect(text()).toContain('RAM=1G\n');
  expect(text(`${script}.edited-1`)).toBe(before);
});

test('--adopt makes hand edits edits of the lab file, and tells what the lab file cannot say', async () => {
  edit('RAM=256M', 'RAM=2G');
  edit("QEMU='qemu-system-x86_64'", 'QEMU=/opt/qemu');
  edit('CPUS=1', 'CPUS=many');

  expect(await terminal.run('renew', '--adopt')).toBe(0);

  expect(text(lab)).toBe(labText('2G', '  old: { id: 32 }\n'));
  expect(terminal.err).toContain('Put into the lab file: fw.sh: RAM\n');
  expect(terminal.err).toContain('Left in the script: fw.sh: QEMU (no key of the lab file says it)\n');
  expect(terminal.err).toContain('Left in the script: fw.sh: CPUS (');
  expect(text()).toMatch(/RAM=2G\nCPUS=many\n[^]*QEMU=\/opt\/qemu/);
  expect(await terminal.run('renew')).toBe(3);
});

test('a script of what left the lab file is named, and deleted only when asked for', async () => {
  terminal.files.held.set(lab, labText('256M'));
  const old = '/work/dmz/old.sh';

  expect(await terminal.run('renew')).toBe(0);
  expect(terminal.out).toContain('old.sh: the lab file has it no more');
  expect(terminal.files.held.has(old)).toBe(true);
  expect(await terminal.run('renew')).toBe(3);
  expect(await terminal.run('renew', '--check')).toBe(1);
  expect(await terminal.run('renew', '--delete-gone', '--check')).toBe(1);
  expect(await terminal.run('renew', '--delete-gone')).toBe(0);
  expect(terminal.files.held.has(old)).toBe(false);
  expect(await terminal.run('renew', '--check')).toBe(0);
});

test('--json tells all of it, also of a clash', async () => {
  edit('RAM=256M', 'RAM=2G');
  terminal.files.held.set(lab, labText('1G'));

  expect(await terminal.run('renew', '--check', '--json')).toBe(1);

  expect(terminal.json()).toMatchObject([
    {
      file: 'dmz.lab.yaml',
      lab: 'dmz',
      scripts: [
        { script: 'lab.sh', result: 'changed' },
        { script: 'fw.sh', clashes: [{ name: 'RAM', then: '256M', mine: '2G', lab: '1G', suggestion: 'mine' }] },
      ],
      gone: [{ script: 'old.sh', edited: false }],
    },
  ]);
});

test('one of two ways to choose', async () => {
  expect(await terminal.run('renew', '--keep-mine', '--take-lab')).toBe(2);
});
