import { expect, test } from 'vitest';
import { relativeFolder } from '../../../extension/runtime/paths.ts';
import { decideWrite, writeScripts } from '../../../extension/runtime/script-writer.ts';
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

  expect(paths).toEqual(['/x/dmz/common.sh', '/x/dmz/lab.sh', '/x/dmz/fw.sh']);
  expect(files.modes.get('/x/dmz/fw.sh')).toBe(0o755);
});

test('a second time nothing is written', async () => {
  const files = new FakeFiles();
  await writeScripts(files, '/x/dmz.lab.yaml', lab);
  files.modes.clear();

  await writeScripts(files, '/x/dmz.lab.yaml', lab);

  expect(files.modes.size).toBe(0);
});

test('an edited script stays as long as the lab asks for nothing new', async () => {
  const files = new FakeFiles({ '/x/dmz/fw.sh': edit(fwText()) });

  await writeScripts(files, '/x/dmz.lab.yaml', lab);

  expect(files.held.get('/x/dmz/fw.sh')).toBe(edit(fwText()));
});

test('an edited script that the lab would change is a clash: nothing at all is written', async () => {
  const files = new FakeFiles({ '/x/dmz/fw.sh': edit(fwText()) });

  await expect(writeScripts(files, '/x/dmz.lab.yaml', grown)).rejects.toThrow(/fw\.sh .* was edited by hand/);

  expect([...files.held.keys()]).toEqual(['/x/dmz/fw.sh']);
});

test('when asked, the edited script is kept as a copy and written anew', async () => {
  const files = new FakeFiles({ '/x/dmz/fw.sh': edit(fwText()), '/x/dmz/fw.sh.edited-1': 'older' });

  await writeScripts(files, '/x/dmz.lab.yaml', grown, { replaceEdited: true });

  expect(files.held.get('/x/dmz/fw.sh')).toBe(fwText(grown));
  expect(files.held.get('/x/dmz/fw.sh.edited-2')).toBe(edit(fwText()));
  expect(files.held.get('/x/dmz/fw.sh.edited-1')).toBe('older');
});

test("somebody else's file is never written over, asked or not", async () => {
  const files = new FakeFiles({ '/x/dmz/lab.sh': 'echo mine\n' });

  await expect(writeScripts(files, '/x/dmz.lab.yaml', lab, { replaceEdited: true })).rejects.toThrow(/lab\.sh/);

  expect([...files.held]).toEqual([['/x/dmz/lab.sh', 'echo mine\n']]);
});

test('a script of an older version that nobody edited is replaced', () => {
  expect(decideWrite(fwText(), fwText(grown))).toBe('write');
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
