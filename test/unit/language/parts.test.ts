import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyEdits } from '../../../extension/lab/edits/edit.ts';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { completionAt } from '../../../extension/language/completion.ts';
import { quickFixes } from '../../../extension/language/quick-fixes.ts';
import { nameOfFiles } from '../../../extension/language/rename-everywhere.ts';
import { atMark, languageFacts } from '../../support/language-facts.ts';

const path = '/x/common.lab-part.yaml';
const lab =
  'include: common.lab-part.yaml\nswitches:\n  lan: { network: 10.1.0.0/24 }\nimages:\n  base: { file: a.img }\n';

/** A lab that includes the part, as it is read. */
const read = (part: string) =>
  readLab(lab, { included: [{ name: 'common.lab-part.yaml', path, text: part }], fileName: 'x.lab.yaml' });

async function labels(marked: string): Promise<readonly string[]> {
  const { text, offset } = atMark(marked);
  const facts = languageFacts({ lab: read(text).lab, part: path, otherTexts: [lab] });
  return (await completionAt(text, offset, facts))?.items.map(({ label }) => label) ?? [];
}

describe('in an included file', () => {
  test('the keys that it may have are offered, and no whole lab', async () => {
    expect(await labels('|')).toEqual(['defaults', 'templates', 'images', 'switches', 'vms', 'hosts']);
    expect(await labels('templates: {}\n|')).toEqual(['defaults', 'images', 'switches', 'vms', 'hosts']);
  });

  test('names of the labs are offered, each once', async () => {
    expect(await labels('switches:\n  dmz: {}\nvms:\n  a: { nics: [{ switch: | }] }\n')).toEqual(['dmz', 'lan']);
    expect(await labels('vms:\n  a: { image: | }\n')).toEqual(['base']);
    expect(await labels('vms:\n  a: { nics: [{ switch: lan, address: | }] }\n')).toContain('10.1.0.1/24');
  });

  test.each([
    ['an unknown switch', 'vms:\n  a: { id: 5, nics: [{ switch: lam }] }\n', ['Change to lan']],
    ['a VM without ID', 'vms:\n  a: { memory: 64M }\n', ['Give a the free ID 1']],
    [
      'a wrong address',
      'vms:\n  a: { id: 5, nics: [{ switch: lan, address: 10.2.0.7/24 }] }\n',
      ['Change to 10.1.0.1/24, the next free address of lan'],
    ],
  ])('%s has its fixes', (_, text, titles) => {
    const reading = read(text);
    const problems = reading.problems.filter(({ span }) => span.file === path);
    const file = { text, lab: reading.lab, problems, usedIds: [], included: reading.included, part: path };

    const fixes = problems.flatMap(problem => quickFixes(problem, file));

    expect(fixes.map(({ title }) => title)).toEqual(titles);
    const [fix] = fixes;
    expect(read(applyEdits(text, fix?.edits ?? [])).problems).toEqual([]);
  });
});

describe('in a lab file', () => {
  test('templates and images of what it includes are offered', async () => {
    const { text, offset } = atMark('templates:\n  own: {}\nvms:\n  a: { extends: | }\n');
    const facts = languageFacts({ otherTexts: ['templates:\n  small: {}\n  own: {}\n'] });

    const found = await completionAt(text, offset, facts);

    expect(found?.items.map(({ label }) => label)).toEqual(['own', 'small']);
  });
});

describe('a name in several files', () => {
  const files = [
    {
      path: '/x/a.lab.yaml',
      text: 'include: p.yaml\nvms:\n  w: { extends: small } # small\n  small: { extends: "small" }\n',
    },
    { path: '/x/p.yaml', text: 'templates:\n  small: { memory: 64M }\n' },
    { path: '/x/q.yaml', text: 'vms: {}\n' },
  ];

  test('is changed where it is meant, and nowhere else', () => {
    const found = nameOfFiles(files, 'template', 'small');

    expect(found.definedIn).toEqual(['/x/p.yaml']);
    expect(found.rename('tiny').map(({ path: file, text, edits }) => [file, applyEdits(text, edits)])).toEqual([
      ['/x/a.lab.yaml', 'include: p.yaml\nvms:\n  w: { extends: tiny } # small\n  small: { extends: "tiny" }\n'],
      ['/x/p.yaml', 'templates:\n  tiny: { memory: 64M }\n'],
    ]);
  });

  test('changed and changed back, is as it was', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/).filter(text => !['small', 'w'].includes(text));
    fc.assert(
      fc.property(name, fc.constantFrom('template', 'vm'), (to, kind) => {
        const after = files.map(file => ({
          ...file,
          text: applyEdits(
            file.text,
            nameOfFiles(files, kind, 'small')
              .rename(to)
              .find(one => one.path === file.path)?.edits ?? [],
          ),
        }));
        const back = nameOfFiles(after, kind, to).rename('small');
        expect(back.map(({ path: file, text, edits }) => [file, applyEdits(text, edits)])).toEqual(
          files.filter(file => back.some(one => one.path === file.path)).map(file => [file.path, file.text]),
        );
      }),
    );
  });
});
