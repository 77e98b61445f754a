import { expect, test } from 'vitest';
import { relativeFolder } from '../../../extension/runtime/paths.ts';
import { planScripts } from '../../../extension/runtime/renew/renew-plan.ts';
import { writePlan, writeScripts } from '../../../extension/runtime/script-writer.ts';
import { renderLab } from '../../../extension/script/render-lab.ts';
import { FakeFiles } from '../../support/fake-files.ts';
import { lab as aLab, vm as aVm } from '../../support/lab-builder.ts';

const lab = aLab({ name: 'dmz', vms: [aVm('fw', 31)] });
const grown = aLab({ name: 'dmz', vms: [aVm('fw', 31, { memory: '1G' })] });
const fwText = (of = lab): string =>
  renderLab(of, { source: 'dmz.lab.yaml', base: '..' }).find(({ name }) => name === 'fw.sh')!.text;
const edit = (text: string): string => text.replace('CPUS=1', 'CPUS=4');

test('scripts go into a folder beside the lab file, executable', async () => {
  const files = new FakeFiles();

  const paths = await writeScripts(files, '/x/dmz.lab.yaml', lab);

  expect(paths).toEqual([
    '/x/dmz/common.sh',
    '/x/dmz/common-vm.sh',
    '/x/dmz/common-lock.sh',
    '/x/dmz/common-qmp.sh',
    '/x/dmz/common-arrival.sh',
    '/x/dmz/common-transfer.sh',
    '/x/dmz/common-migrate.sh',
    '/x/dmz/common-switch.sh',
    '/x/dmz/common-wire.sh',
    '/x/dmz/lab.sh',
    '/x/dmz/fw.sh',
  ]);
  expect(files.modes.get('/x/dmz/fw.sh')).toBe(0o755);
});

test('a second time nothing is written', async () => {
  const files = new FakeFiles();
  await writeScripts(files, '/x/dmz.lab.yaml', lab);
  files.modes.clear();

  await writeScripts(files, '/x/dmz.lab.yaml', lab);

  expect(files.modes.size).toBe(0);
});

test('an edited script stays as it is as long as the lab asks for nothing new', async () => {
  const files = new FakeFiles({ '/x/dmz/fw.sh': edit(fwText()) });

  await writeScripts(files, '/x/dmz.lab.yaml', lab);

  expect(files.held.get('/x/dmz/fw.sh')).toBe(edit(fwText()));
});

test('an edited script that the lab changes elsewhere gets both', async () => {
  const files = new FakeFiles({ '/x/dmz/fw.sh': edit(fwText()) });

  await writeScripts(files, '/x/dmz.lab.yaml', grown);

  expect(files.held.get('/x/dmz/fw.sh')).toBe(edit(fwText(grown)));
});

test('a setting that both changed is a clash: nothing at all is written', async () => {
  const files = new FakeFiles({ '/x/dmz/fw.sh': fwText().replace('RAM=256M', 'RAM=2G') });

  await expect(writeScripts(files, '/x/dmz.lab.yaml', grown)).rejects.toThrow(/fw\.sh \(RAM\) .* was edited by hand/);

  expect([...files.held.keys()]).toEqual(['/x/dmz/fw.sh']);
});

test('when the lab file wins a clash, the edited script is kept as a copy', async () => {
  const mine = fwText().replace('RAM=256M', 'RAM=2G');
  const files = new FakeFiles({ '/x/dmz/fw.sh': mine, '/x/dmz/fw.sh.edited-1': 'older' });
  const decide = () => 'lab' as const;

  await writePlan(files, await planScripts(files, '/x/dmz.lab.yaml', grown, { decide }), decide);

  expect(files.held.get('/x/dmz/fw.sh')).toBe(fwText(grown));
  expect(files.held.get('/x/dmz/fw.sh.edited-2')).toBe(mine);
  expect(files.held.get('/x/dmz/fw.sh.edited-1')).toBe('older');
});

test('a script that was changed after the plan was made is not written over', async () => {
  const files = new FakeFiles({ '/x/dmz/fw.sh': fwText() });
  const plan = await planScripts(files, '/x/dmz.lab.yaml', grown);
  files.held.set('/x/dmz/fw.sh', edit(fwText()));

  await expect(writePlan(files, plan)).rejects.toThrow('changed meanwhile');

  expect([...files.held]).toEqual([['/x/dmz/fw.sh', edit(fwText())]]);
});

test("somebody else's file is never written over", async () => {
  const files = new FakeFiles({ '/x/dmz/lab.sh': 'echo mine\n' });

  await expect(writeScripts(files, '/x/dmz.lab.yaml', lab)).rejects.toThrow(/lab\.sh/);

  expect([...files.held]).toEqual([['/x/dmz/lab.sh', 'echo mine\n']]);
});

test.each([
  ['/x/dmz', '/x', '..'],
  ['/tmp/out', '/x', '../../x'],
  ['/x', '/x', '.'],
  ['/a/b/c', '/a/d', '../../d'],
  ['/x/', '/x/y', 'y'],
])('from %s to %s it is %s', (from, to, way) => {
  expect(relativeFolder(from, to)).toBe(way);
});
