import * as assert from 'node:assert';
import * as vscode from 'vscode';
import { activeExtension, problemsOf, removeFiles, type, until, writeFile } from '../support/extension-host.ts';

const good = 'switches:\n  lan: {}\nvms:\n  a: { id: 7101, nics: [{ switch: lan }] }\n';
const bad = good.replace('switch: lan', 'switch: lam');

suite('problems of lab files', () => {
  let uri: vscode.Uri;

  setup(async () => {
    await activeExtension();
    uri = await writeFile('problems.lab.yaml', bad);
  });
  teardown(() => removeFiles(uri));

  test('appear for a file that nobody has opened', async () => {
    const problems = await until(
      'problems',
      () => problemsOf(uri),
      found => found.length > 0,
    );

    assert.deepStrictEqual(problems, [['unknown-switch', '3:34']]);
  });

  test('vanish while the correction is being typed, and come back with the error, before anything is saved', async () => {
    const document = await vscode.workspace.openTextDocument(uri);
    await until(
      'problems',
      () => problemsOf(uri),
      found => found.length === 1,
    );

    await type(document, good);
    await until(
      'problems',
      () => problemsOf(uri),
      found => found.length === 0,
    );
    await type(document, `${good}  b: { id: 7101 }\n`);

    const problems = await until(
      'problems',
      () => problemsOf(uri),
      found => found.length > 0,
    );
    assert.ok(document.isDirty);
    assert.ok(problems.every(([code]) => code === 'id-double'));
  });

  test('count what two files claim', async () => {
    const other = await writeFile('other.lab.yaml', 'vms:\n  b: { id: 7101 }\n');
    try {
      const problems = await until(
        'problems',
        () => problemsOf(other),
        found => found.length > 0,
      );

      assert.deepStrictEqual(
        problems.map(([code]) => code),
        ['id-double'],
      );
    } finally {
      await removeFiles(other);
    }
  });

  test('are gone with their file', async () => {
    await until(
      'problems',
      () => problemsOf(uri),
      found => found.length === 1,
    );

    await removeFiles(uri);

    await until(
      'problems',
      () => problemsOf(uri),
      found => found.length === 0,
    );
    await writeFile('problems.lab.yaml', bad);
  });

  test('have a quick fix that changes only the wrong word', async () => {
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
    await until(
      'problems',
      () => problemsOf(uri),
      found => found.length === 1,
    );
    const range = new vscode.Range(3, 34, 3, 37);

    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      uri,
      range,
      vscode.CodeActionKind.QuickFix.value,
    );
    const fix = actions.find(action => action.title === 'Change to lan');
    assert.ok(fix?.edit);
    await vscode.workspace.applyEdit(fix.edit);

    assert.strictEqual(document.getText(), good);
  });

  test('stand beside lenses that start the lab and each VM', async () => {
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));

    const lenses = await until(
      'lenses',
      () => vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri),
      found => found.length > 0,
    );

    assert.deepStrictEqual(
      lenses.map(lens => [lens.range.start.line, lens.command?.title, lens.command?.command]),
      [
        [0, '$(play) Start Lab', 'kvmlab.start'],
        [0, '$(type-hierarchy) Picture', 'kvmlab.openPicture'],
        [3, '$(play) Start', 'kvmlab.start'],
        [3, '$(type-hierarchy) Picture', 'kvmlab.openPicture'],
      ],
    );
  });
});
