import * as assert from 'node:assert';
import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import { activeExtension, removeFiles, until, workspaceFolder, writeFile } from '../support/extension-host.ts';

suite('commands', () => {
  let uri: vscode.Uri;

  setup(async () => {
    const { store } = await activeExtension();
    uri = await writeFile(
      'made.lab.yaml',
      'switches: { lan: {} }\nvms: { a: { id: 7102, nics: [{ switch: lan }] } }\n',
    );
    await until(
      'labs',
      () => store.lab(uri.fsPath)?.lab?.name,
      name => name === 'made',
    );
  });
  teardown(() => removeFiles(uri));

  test('write the scripts of the lab whose file they are called on', async () => {
    await vscode.commands.executeCommand('kvmlab.generate', uri);

    const folder = vscode.Uri.joinPath(workspaceFolder(), 'made');
    const own = (await readdir(folder.fsPath)).filter(name => !name.startsWith('common'));
    assert.deepStrictEqual(own.sort(), ['a.sh', 'lab.sh', 'switch-lan.sh']);
    await vscode.workspace.fs.delete(folder, { recursive: true });
  });

  test('start what is in the editor, not what was saved before', async () => {
    const { control } = await activeExtension();
    const document = await vscode.workspace.openTextDocument(uri);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(uri, new vscode.Position(0, 0), '# mine\n');
    await vscode.workspace.applyEdit(edit);

    await vscode.commands.executeCommand('kvmlab.generate', uri);

    assert.strictEqual(document.isDirty, false);
    await control.generate(uri.fsPath);
    await vscode.workspace.fs.delete(vscode.Uri.joinPath(workspaceFolder(), 'made'), { recursive: true });
  });

  test('copy the address of a console', async () => {
    await vscode.commands.executeCommand('kvmlab.copyConsoleAddress', { lab: uri.fsPath, kind: 'vm', name: 'a' });

    assert.strictEqual(await vscode.env.clipboard.readText(), 'localhost:17102');
  });

  test('include kvmlab, on the PATH of integrated terminals', async () => {
    const extension = vscode.extensions.getExtension('kvmlab.kvmlab');
    const kvmlab = path.join(extension?.extensionPath ?? '', 'dist/bin/kvmlab');

    const { stdout } = await promisify(execFile)(kvmlab, ['--version'], {
      env: { PATH: '/usr/bin:/bin', KVMLAB_NODE: process.execPath },
    });

    assert.strictEqual(stdout.trim(), (extension?.packageJSON as { version: string }).version);
  });
});
