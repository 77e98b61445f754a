import * as assert from 'node:assert';
import * as vscode from 'vscode';
import {
  activeExtension,
  completions,
  hoverText,
  outlineOf,
  placeOf,
  problemsOf,
  removeFiles,
  type,
  until,
  writeFile,
} from '../support/extension-host.ts';

const script = `description: Logs in
vars:
  user: root
  password: { secret: true, description: "Of the guest" }
steps:
  - include: login.install.yaml
  - name: address
    expect: "# "
    send: "login \${user}"
`;
const login = 'steps:\n  - expect: "login:"\n    send: "${user}"\n';

suite('install scripts', () => {
  let files: readonly vscode.Uri[];
  let document: vscode.TextDocument;

  setup(async () => {
    await activeExtension();
    files = [await writeFile('first.install.yaml', script), await writeFile('login.install.yaml', login)];
    document = await vscode.workspace.openTextDocument(files[0]!);
    await vscode.window.showTextDocument(document);
    await outlineOf(document.uri);
  });
  teardown(() => removeFiles(...files));

  const problems = (wanted: readonly string[]): Promise<unknown> =>
    until(
      `the problems ${wanted.join()}`,
      () => problemsOf(document.uri).map(([code]) => String(code)),
      codes => codes.join() === wanted.join(),
    );

  test('have a language of their own, with what they include, and problems while they are typed', async () => {
    assert.strictEqual(document.languageId, 'kvmlab-install');
    await type(document, script.replace('send: "login ${user}"', 'sent: x'));
    await problems(['unknown-key']);

    await type(document, script.replace('- include: login', '- include: logout'));
    await problems(['include-failed']);

    await type(document, script);
    await problems([]);
  });

  test('are completed, explained, outlined and folded', async () => {
    const { uri } = document;

    const steps = await completions(uri, placeOf(document, '- include', 2));
    const variables = await completions(uri, placeOf(document, '${user}', 2));
    const card = await hoverText(uri, placeOf(document, 'password'));
    const symbols = await outlineOf(uri);
    const folds = await vscode.commands.executeCommand<vscode.FoldingRange[]>(
      'vscode.executeFoldingRangeProvider',
      uri,
    );

    assert.ok(steps.includes('first-of') && steps.includes('expect'), steps.join());
    assert.deepStrictEqual(variables, ['${user}', '${password}']);
    assert.match(card, /\*\*password\*\* · secret[^]*Of the guest/);
    assert.deepStrictEqual(
      symbols.map(({ name, children }) => [name, children.map(child => child.name)]),
      [
        ['vars', ['user', 'password']],
        ['steps', ['include login.install.yaml', 'address']],
      ],
    );
    assert.deepStrictEqual(
      folds.map(({ start }) => start),
      [1, 4, 6],
    );
  });

  test('offer other scripts of the workspace, and to be run from a step on', async () => {
    const others = await completions(document.uri, placeOf(document, 'login.install', 0));
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
      10,
    );

    assert.ok(others.includes('login.install.yaml'), others.join());
    assert.deepStrictEqual(
      lenses.map(({ range, command }) => [range.start.line, command?.title]),
      [
        [0, '$(play) Run on VM…'],
        [6, '$(debug-step-into) Run from here…'],
      ],
    );
  });
});
