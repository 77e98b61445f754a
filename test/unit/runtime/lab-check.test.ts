import { describe, expect, test } from 'vitest';
import { checkLabText, readLabFile, readLabFiles } from '../../../extension/runtime/lab-check.ts';
import { FakeFiles } from '../../support/fake-files.ts';

const options = { kvmscript: '/home/u/.kvmscript', guestFolder: '/home/u/guest', runRoot: '/run/u/kvmlab' };
const lab = 'vms:\n  fw: { id: 31 }\n';

describe('a lab file', () => {
  test('is read with the defaults of the user', async () => {
    const files = new FakeFiles({ '/w/dmz.lab.yaml': lab, '/home/u/.kvmscript': 'RAM=768M\n' });

    const { text, reading } = await readLabFile('/w/dmz.lab.yaml', files, options);

    expect([text, reading.lab?.name, reading.lab?.vms[0]?.memory, reading.problems]).toEqual([lab, 'dmz', '768M', []]);
  });

  test('that is not there is named', async () => {
    await expect(readLabFile('/w/x.lab.yaml', new FakeFiles(), options)).rejects.toThrow(
      'There is no lab file /w/x.lab.yaml.',
    );
  });

  test('is checked as it is typed, not as it was saved', async () => {
    const files = new FakeFiles({ '/w/dmz.lab.yaml': lab });

    const { problems } = await checkLabText('/w/dmz.lab.yaml', 'vms:\n  fw: { id: 31, kernel: k }\n', files, options);

    expect(problems.map(problem => problem.code)).toEqual(['image-missing']);
  });

  test('of any sort gives a reading', async () => {
    for (const text of ['', 'x', '[', '\0', 'vms: {fw: {guest: tiny}}']) {
      const { problems } = await checkLabText('/w/dmz.lab.yaml', text, new FakeFiles(), options);
      expect(problems.length).toBeGreaterThan(0);
    }
  });

  test('whose run-time folder would be too long for a socket is refused', async () => {
    const deep = { ...options, runRoot: `/${'x'.repeat(100)}` };

    const { problems } = await checkLabText('/w/dmz.lab.yaml', `switches: { lan: {} }\n${lab}`, new FakeFiles(), deep);

    expect(problems.map(problem => problem.code)).toContain('name-too-long');
  });
});

describe('the files that a lab names', () => {
  test.each([
    ['~/iso/x.iso', '/home/u/iso/x.iso'],
    ['iso/x.iso', '/w/iso/x.iso'],
    ['/srv/x.iso', '/srv/x.iso'],
  ])('%s is looked for in %s', async (written, place) => {
    const text = `vms: { a: { id: 1, cdrom: ${written} } }\n`;
    const codes = async (files: FakeFiles) =>
      (await checkLabText('/w/dmz.lab.yaml', text, files, options)).problems.map(({ code }) => code);

    expect(await codes(new FakeFiles())).toEqual(['image-missing']);
    expect(await codes(new FakeFiles({ [place]: '' }))).toEqual([]);
  });
});

describe('several lab files', () => {
  test('are checked against each other, and each keeps its own problems', async () => {
    const files = new FakeFiles({
      '/w/a.lab.yaml': lab,
      '/w/b.lab.yaml': `${lab}nosuch: 1\n`,
      '/w/c.lab.yaml': 'vms: {}\n',
    });

    const checked = await readLabFiles(['/w/a.lab.yaml', '/w/b.lab.yaml', '/w/c.lab.yaml'], files, options);

    const codes = [...checked].map(([path, { reading }]) => [path, reading.problems.map(problem => problem.code)]);
    expect(Object.fromEntries(codes)).toEqual({
      '/w/a.lab.yaml': ['id-double'],
      '/w/b.lab.yaml': ['unknown-key', 'id-double'],
      '/w/c.lab.yaml': [],
    });
  });

  test('that are the same file twice do not clash with themselves', async () => {
    const files = new FakeFiles({ '/w/a.lab.yaml': lab });

    const checked = await readLabFiles(['/w/a.lab.yaml', '/w/a.lab.yaml'], files, options);

    expect([...checked.values()].map(({ reading }) => reading.problems)).toEqual([[]]);
  });
});
