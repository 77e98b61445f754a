import { describe, expect, test } from 'vitest';
import { readScriptText } from '../../../extension/runtime/installs/read-script.ts';
import type { IncludedFiles } from '../../../extension/runtime/host.ts';

/** Files by their paths; a name begins at the folder of who includes it. */
function folder(files: Readonly<Record<string, string>>): IncludedFiles & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    read: (from, name) => {
      const path = `${from.slice(0, from.lastIndexOf('/'))}/${name}`;
      asked.push(path);
      const text = files[path];
      return Promise.resolve({
        name,
        path,
        ...(text === undefined ? { refusal: `There is no file ${name}.` } : { text }),
      });
    },
  };
}

describe('an install script with what it includes', () => {
  test('is read through all its files, each from its own folder', async () => {
    const files = folder({
      '/lab/parts/login.install.yaml': 'steps: [{ include: more/shell.install.yaml }, { send: root }]',
      '/lab/parts/more/shell.install.yaml': 'steps: [{ expect: "# " }]',
    });

    const { script, problems } = await readScriptText(
      '/lab/a.install.yaml',
      'steps: [{ include: parts/login.install.yaml }, { send: id }]',
      files,
    );

    expect(problems).toEqual([]);
    expect(script?.steps.map(({ deed }) => deed?.kind)).toEqual(['include', 'type']);
    expect(files.asked).toEqual(['/lab/parts/login.install.yaml', '/lab/parts/more/shell.install.yaml']);
  });

  test('says at the step which file is missing', async () => {
    const { problems } = await readScriptText(
      '/lab/a.install.yaml',
      'steps: [{ include: no.install.yaml }]',
      folder({}),
    );

    expect(problems).toMatchObject([{ code: 'include-failed', message: 'There is no file no.install.yaml.' }]);
  });

  test('ends also where scripts include each other, or ever more', async () => {
    const circle = folder({
      '/lab/b.yaml': 'steps: [{ include: a.yaml }]',
      '/lab/a.yaml': 'steps: [{ include: b.yaml }]',
    });
    const { problems } = await readScriptText('/lab/a.yaml', 'steps: [{ include: b.yaml }]', circle);

    expect(problems.map(({ code }) => code)).toContain('include-failed');

    const endless: IncludedFiles = {
      read: (from, name) =>
        Promise.resolve({ name, path: `${from}/${name}`, text: 'steps: [{ include: x }, { send: a }]' }),
    };
    const { problems: many } = await readScriptText('/lab/a.yaml', 'steps: [{ include: x }]', endless);

    expect(many.length).toBeGreaterThan(0);
  });
});
