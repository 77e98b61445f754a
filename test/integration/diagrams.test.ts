import * as assert from 'node:assert';
import * as vscode from 'vscode';
import {
  activeExtension,
  outlineOf,
  problemsOf,
  removeFiles,
  type,
  until,
  writeFile,
} from '../support/extension-host.ts';

const good = 'nwdiag {\n  network lan {\n    address = "10.0.0.0/24";\n    pc [address = ".1"];\n  }\n}\n';

suite('.diag files', () => {
  let uri: vscode.Uri;

  setup(async () => {
    await activeExtension();
    uri = await writeFile('net.diag', good.replace('pc ', 'pc -- pc '));
  });
  teardown(() => removeFiles(uri));

  test('have problems at their places while they are typed, and none once they are mended', async () => {
    const document = await vscode.workspace.openTextDocument(uri);
    assert.strictEqual(document.languageId, 'nwdiag');
    const found = await until(
      'problems',
      () => problemsOf(uri),
      problems => problems.length > 0,
    );
    assert.ok(found.some(([code]) => code === 'self-peer'));

    await type(document, good);
    await until(
      'no problems',
      () => problemsOf(uri),
      problems => problems.length === 0,
    );
  });

  test('have an outline of networks and their nodes, and blocks that fold', async () => {
    const document = await vscode.workspace.openTextDocument(uri);
    await type(document, good);

    const symbols = await outlineOf(uri);
    assert.deepStrictEqual(
      symbols.map(({ name, detail, children }) => [name, detail, children.map(child => child.name)]),
      [['lan', '10.0.0.0/24', ['pc']]],
    );
    const folds = await vscode.commands.executeCommand<vscode.FoldingRange[]>(
      'vscode.executeFoldingRangeProvider',
      uri,
    );
    assert.deepStrictEqual(
      folds.map(({ start, end }) => [start, end]),
      [[1, 4]],
    );
  });
});
