import * as assert from 'node:assert';
import * as vscode from 'vscode';
import { activeExtension, problemsOf, removeFiles, until, writeFile } from '../support/extension-host.ts';

const partText = 'templates:\n  small:   {memory: 64M}\nswitches:\n  lan: { network: 10.7.0.0/24 }\n';
const labText = (id: number): string => `include: shared/site.lab-part.yaml
vms:
  web: { id: ${id}, count: 2, extends: small, nics: [{ switch: lan, address: 10.7.0.${id - 7380}/24 }] }
`;

const ask = <T>(command: string, ...words: readonly unknown[]): Thenable<T> =>
  vscode.commands.executeCommand<T>(`vscode.${command}`, ...words);

suite('a file that lab files include (.lab-part.yaml)', () => {
  let labs: readonly vscode.Uri[];
  let part: vscode.Uri;
  let document: vscode.TextDocument;

  const at = (text: string): vscode.Position =>
    document.positionAt(document.getText().indexOf(text) + Math.ceil(text.length / 2));
  const rename = (word: string, to: string) =>
    ask<vscode.WorkspaceEdit>('executeDocumentRenameProvider', part, at(word), to);
  const textOf = async (uri: vscode.Uri): Promise<string> => (await vscode.workspace.openTextDocument(uri)).getText();

  setup(async () => {
    const { store } = await activeExtension();
    part = await writeFile('shared/site.lab-part.yaml', partText);
    labs = [await writeFile('one.lab.yaml', labText(7390)), await writeFile('two.lab.yaml', labText(7392))];
    for (const lab of labs)
      await until(
        'VMs',
        () => store.lab(lab.fsPath)?.lab?.vms.map(({ memory }) => memory),
        found => found?.join() === '64M,64M',
      );
    document = await vscode.workspace.openTextDocument(part);
    await vscode.window.showTextDocument(document);
  });
  teardown(() => removeFiles(part, ...labs));

  test('is no lab, and has a language of its own', async () => {
    const { store } = await activeExtension();

    assert.strictEqual(document.languageId, 'kvmlab-part');
    assert.strictEqual(store.lab(part.fsPath), undefined);
    assert.deepStrictEqual(problemsOf(part), []);
  });

  test('has completion, hover, outline, references and links to its labs', async () => {
    const end = document.lineAt(document.lineCount - 1).range.end;
    const { items } = await ask<vscode.CompletionList>('executeCompletionItemProvider', part, end);
    const [hover] = await ask<vscode.Hover[]>('executeHoverProvider', part, at('lan'));
    const outline = await ask<vscode.DocumentSymbol[]>('executeDocumentSymbolProvider', part);
    const places = await ask<vscode.Location[]>('executeReferenceProvider', part, at('small'));

    assert.deepStrictEqual(
      items.map(({ label }) => (typeof label === 'string' ? label : label.label)),
      ['defaults', 'images', 'vms', 'hosts'],
    );
    assert.match((hover?.contents[0] as vscode.MarkdownString).value, /Switch lan[^]*web\\-1, NIC 1/);
    assert.deepStrictEqual(
      outline.map(({ name }) => name),
      ['templates', 'switches'],
    );
    assert.deepStrictEqual(places.map(({ uri }) => uri.path.split('/').at(-1)).sort(), [
      'one.lab.yaml',
      'site.lab-part.yaml',
      'two.lab.yaml',
    ]);
  });

  test('is laid out by Format Document', async () => {
    const edits = await ask<vscode.TextEdit[]>('executeFormatDocumentProvider', part, {
      tabSize: 2,
      insertSpaces: true,
    });
    const edit = new vscode.WorkspaceEdit();
    edit.set(part, edits);
    await vscode.workspace.applyEdit(edit);

    assert.strictEqual(document.getText(), partText.replace('small:   {memory: 64M}', 'small: { memory: 64M }'));
  });

  test('takes along all labs that include it when something in it gets another name', async () => {
    await vscode.workspace.applyEdit(await rename('small', 'tiny'));
    await vscode.workspace.applyEdit(await rename('lan', 'net'));

    assert.strictEqual(document.getText(), partText.replace('small', 'tiny').replace('lan', 'net'));
    for (const [index, lab] of labs.entries())
      assert.strictEqual(
        await textOf(lab),
        labText(7390 + 2 * index)
          .replace('small', 'tiny')
          .replace('lan', 'net'),
      );
  });

  test('keeps its names where a new one would be taken or useless in one of the labs', async () => {
    await writeFile('two.lab.yaml', `${labText(7392)}switches: { dmz: {} }\n`);
    const { store } = await activeExtension();
    await until(
      'the switch',
      () => store.lab(labs[1]?.fsPath ?? '')?.lab?.switches.length,
      count => count === 2,
    );

    await assert.rejects(async () => rename('lan', 'dmz'), /two\.lab\.yaml: .*dmz/);
    await assert.rejects(async () => rename('lan', 'a b'), /"a b"/);
  });
});
