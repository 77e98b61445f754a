import * as assert from 'node:assert';
import * as vscode from 'vscode';
import type { LabStore } from '../../extension/runtime/store.ts';
import { activeExtension, problemsOf, removeFiles, type, until, writeFile } from '../support/extension-host.ts';

const common = 'templates:\n  small: { guest: tiny, memory: 64M }\nswitches:\n  lan: { network: 10.7.0.0/24 }\n';
const text = `include: shared/included.yaml
vms:
  web: { id: 7301, count: 2, extends: small, nics: [{ switch: lan, address: 10.7.0.10/24 }] }
`;

suite('included files', () => {
  let lab: vscode.Uri;
  let shared: vscode.Uri;
  let store: LabStore;

  const vms = () => store.lab(lab.fsPath)?.lab?.vms.map(({ name, memory }) => `${name} ${memory}`) ?? [];
  const switches = () => store.lab(lab.fsPath)?.lab?.switches.map(({ name }) => name) ?? [];
  /** Whether there is a tiny guest on this machine is not what this is about. */
  const errorsOf = (uri: vscode.Uri) => problemsOf(uri).filter(([code]) => code !== 'guest-missing');

  setup(async () => {
    ({ store } = await activeExtension());
    shared = await writeFile('shared/included.yaml', common);
    lab = await writeFile('including.lab.yaml', text);
    await until('VMs', vms, found => found.length === 2);
  });
  teardown(() => removeFiles(lab, shared));

  test('belong to the lab, from the disk', () => {
    assert.deepStrictEqual([vms(), switches()], [['web-1 64M', 'web-2 64M'], ['lan']]);
    assert.deepStrictEqual(errorsOf(lab), []);
  });

  test('change the lab while they are typed, and back when that is thrown away', async () => {
    const document = await vscode.workspace.openTextDocument(shared);

    await type(document, common.replace('64M', '96M').replace('lan:', 'net:'));
    await until('memory', vms, found => found.join() === 'web-1 96M,web-2 96M');

    assert.deepStrictEqual(switches(), ['net']);
    assert.deepStrictEqual(errorsOf(lab), [['unknown-switch', '2:62']]);
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await until('memory', vms, found => found.join() === 'web-1 64M,web-2 64M');
  });

  test('change the lab when they change on the disk, vanish, and come back', async () => {
    await writeFile('shared/included.yaml', common.replace('64M', '80M'));
    await until('memory', vms, found => found.join() === 'web-1 80M,web-2 80M');

    await vscode.workspace.fs.delete(shared);
    await until(
      'problems',
      () => errorsOf(lab),
      found => found.some(([code]) => code === 'include-failed'),
    );

    await writeFile('shared/included.yaml', common);
    await until(
      'problems',
      () => errorsOf(lab),
      found => found.length === 0,
    );
  });

  test('have their problems themselves', async () => {
    await writeFile('shared/included.yaml', common.replace('64M', 'lots'));
    const found = await until(
      'problems',
      () => errorsOf(shared),
      problems => problems.length > 0,
    );

    assert.deepStrictEqual(found, [['bad-value', '1:32']]);
    await writeFile('shared/included.yaml', common);
    await until(
      'problems',
      () => errorsOf(shared),
      problems => problems.length === 0,
    );
  });

  test('are where a row of the tree leads', async () => {
    await vscode.commands.executeCommand('kvmlab.openLabFile', { lab: lab.fsPath, kind: 'switch', name: 'lan' });

    const editor = vscode.window.activeTextEditor;
    assert.strictEqual(editor?.document.uri.fsPath, shared.fsPath);
    assert.strictEqual(editor.selection.start.line, 3);
  });
});
