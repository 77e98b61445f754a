import * as assert from 'node:assert';
import { rmSync } from 'node:fs';
import * as os from 'node:os';
import * as vscode from 'vscode';
import type { LabStore } from '../../extension/runtime/store.ts';
import { activeExtension, problemsOf, removeFiles, type, until, writeFile } from '../support/extension-host.ts';

const kvmscript = vscode.Uri.file(`${process.env['HOME'] ?? os.homedir()}/.kvmscript`);
const save = (text: string): Thenable<void> => vscode.workspace.fs.writeFile(kvmscript, new TextEncoder().encode(text));

suite('~/.kvmscript', () => {
  let before: Uint8Array | undefined;
  let lab: vscode.Uri;
  let store: LabStore;

  const memory = () => store.lab(lab.fsPath)?.lab?.vms[0]?.memory;
  const problems = () => problemsOf(kvmscript).map(([, place]) => place);

  suiteSetup(async () => {
    before = await vscode.workspace.fs.readFile(kvmscript).then(
      bytes => bytes,
      () => undefined,
    );
    ({ store } = await activeExtension());
    await save('RAM=96M\n');
    lab = await writeFile('defaults.lab.yaml', 'vms:\n  web: { id: 7351 }\n');
    await until('memory', memory, found => found === '96M');
  });
  suiteTeardown(async () => {
    await removeFiles(lab);
    rmSync(kvmscript.fsPath, { force: true });
    if (before) await vscode.workspace.fs.writeFile(kvmscript, before);
  });

  test('gives labs their defaults again when it is saved, and has its problems itself', async () => {
    await save('RAM=80M\nCPUS=$(nproc)\n');
    await until('memory', memory, found => found === '80M');

    assert.deepStrictEqual(await until('problems', problems, found => found.length > 0), ['1:0']);
  });

  test('has its problems while it is typed, and labs wait until it is saved', async () => {
    const document = await vscode.workspace.openTextDocument(kvmscript);
    await type(document, '\n  touch x\nRAM=88M\n');
    await until('problems', problems, found => found.join() === '1:2');
    assert.strictEqual(memory(), '80M');

    assert.ok(await document.save());

    await until('memory', memory, found => found === '88M');
    assert.deepStrictEqual(problems(), ['1:2']);
  });

  test('gives nothing when it is gone', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.workspace.fs.delete(kvmscript);

    await until('memory', memory, found => found === '256M');
    await until('problems', problems, found => found.length === 0);
  });
});
