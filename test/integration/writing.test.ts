import * as assert from 'node:assert';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import {
  activeExtension,
  completions,
  hoverText,
  overWith,
  placeOf,
  problemsOf,
  removeFiles,
  until,
  writeFile,
} from '../support/extension-host.ts';
import { bigLab } from '../support/lab-generator.ts';

const sampleFile = (sample: string, file: string): string => {
  const extension = vscode.extensions.getExtension('kvmlab.kvmlab');
  return readFileSync(path.join(extension?.extensionPath ?? '', 'extension/samples', sample, file), 'utf8');
};

/** By the files that they include. */
const samples = { firewall: [], office: [], vlans: [], campus: ['campus.lab-part.yaml'] } as const;

async function openLab(name: string, text: string): Promise<vscode.TextDocument> {
  const { store } = await activeExtension();
  const uri = await writeFile(name, text);
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document);
  await until(
    'the lab',
    () => store.lab(uri.fsPath)?.lab !== undefined,
    isRead => isRead,
  );
  return document;
}

suite('writing a lab file', () => {
  let document: vscode.TextDocument | undefined;
  let parts: readonly vscode.Uri[] = [];

  teardown(async () => {
    if (document) await removeFiles(document.uri, ...parts);
    document = undefined;
    parts = [];
  });

  for (const [sample, files] of Object.entries(samples)) {
    test(`${sample}: completion, hover and quick fixes`, async () => {
      parts = await Promise.all(files.map(file => writeFile(file, sampleFile(sample, file))));
      document = await openLab(`${sample}.lab.yaml`, sampleFile(sample, `${sample}.lab.yaml`));
      const { uri } = document;
      const nic = placeOf(document, '{ switch: ', '{ switch: '.length);
      const [, vm] = /^vms:\n {2}(\w+):/m.exec(document.getText()) ?? [];
      const [, network] = /network: (\S+?)[,\s]/.exec(document.getText()) ?? [];
      assert.ok(vm !== undefined && network !== undefined);

      const names = await completions(uri, nic);
      const card = await hoverText(uri, placeOf(document, `  ${vm}:\n`, 2));
      const net = await hoverText(uri, placeOf(document, network));

      const texts = [document.getText(), ...files.map(file => sampleFile(sample, file))];
      const switches = texts.flatMap(text => [...text.matchAll(/^ {2}(\w+): \{ description/gm)].map(match => match[1]));
      assert.deepStrictEqual(names, switches);
      assert.match(card, new RegExp(`VM ${vm}\\*\\* · stopped · ID \\d+[^]*serial console[^]*NIC 1: .*52:54:00:`));
      assert.match(net, /^Network `[\d./]+`, switch \w+/);
      await breakAndFix(document, nic);
    });
  }

  /** Misspells the name of a switch and takes the quick fix. */
  async function breakAndFix(of: vscode.TextDocument, at: vscode.Position): Promise<void> {
    const before = of.getText();
    const edit = new vscode.WorkspaceEdit();
    edit.insert(of.uri, at, 'x');
    await vscode.workspace.applyEdit(edit);
    await until(
      'the problem',
      () => problemsOf(of.uri).some(([code]) => code === 'unknown-switch'),
      isThere => isThere,
    );
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      of.uri,
      new vscode.Range(at, at.translate(0, 2)),
      vscode.CodeActionKind.QuickFix.value,
    );
    const fix = actions.find(({ title }) => title.startsWith('Change to '));
    assert.ok(fix?.edit, actions.map(({ title }) => title).join(', '));
    await vscode.workspace.applyEdit(fix.edit);

    assert.strictEqual(of.getText(), before);
  }

  test('goes on in a text that is half typed, and offers what the text says now', async () => {
    document = await openLab('half.lab.yaml', 'switches:\n  lan: { network: 10.7.0.0/24 }\nvms:\n');
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(3, 0), '  a:\n    nics:\n      - { switch: lan, address: ');
    await vscode.workspace.applyEdit(edit);

    const found = await completions(document.uri, document.lineAt(5).range.end);

    assert.deepStrictEqual(found, ['10.7.0.1/24', 'dhcp']);
  });

  test('knows the models that the installed QEMU has', async () => {
    document = await openLab('models.lab.yaml', 'vms:\n  a: { id: 7331, extra: [-machine, q35] }\n');

    const found = await completions(document.uri, placeOf(document, 'q35'));

    assert.ok(found.includes('q35') && found.length > 10, found.join(' '));
  });

  test('all plain problems are settled at once', async () => {
    document = await openLab(
      'all.lab.yaml',
      'switches: { lan: {} }\nvms:\n  a: { nics: [{ switch: lam }] }\n  b: {}\n',
    );
    const { uri } = document;
    await until(
      'the problems',
      () => problemsOf(uri).length,
      count => count === 3,
    );

    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      uri,
      new vscode.Range(0, 0, 4, 0),
      vscode.CodeActionKind.SourceFixAll.value,
    );
    for (const { edit } of actions) assert.ok(edit && (await vscode.workspace.applyEdit(edit)));

    assert.match(document.getText(), /a: \{ id: \d+, nics: \[\{ switch: lan \}\] \}\n {2}b: \{ id: \d+ \}/);
  });

  test('is right about any of 1,000 VMs', async () => {
    document = await openLab('big.lab.yaml', bigLab(1000, 20));
    const { uri } = document;
    const at = document.positionAt(document.getText().lastIndexOf('switch: s') + 'switch: '.length);

    const names = await completions(uri, at);
    const card = await hoverText(uri, placeOf(document, '  vm500:', 2));

    assert.strictEqual(names.length, 20);
    assert.match(card, /VM vm500\*\* · stopped · ID 500/);
  });

  test('is ours alone in lab files, and nothing of it is in other YAML files', async () => {
    document = await openLab('alone.lab.yaml', 'vms:\n  a: { id: 7332, guest: tiny }\n');
    const other = await writeFile('other.yaml', 'vms:\n  a: { id: 7332, guest: tiny }\n');
    try {
      const yaml = await vscode.workspace.openTextDocument(other);
      const place = placeOf(document, 'tiny');

      assert.strictEqual(document.languageId, 'kvmlab');
      assert.strictEqual(yaml.languageId, 'yaml');
      assert.deepStrictEqual(await completions(document.uri, place), ['tiny']);
      assert.ok(!(await hoverText(other, place)).includes('tiny:'));
      assert.deepStrictEqual(problemsOf(other), []);
    } finally {
      await vscode.workspace.fs.delete(other);
    }
  });
});

suite('Insert a Free Network', () => {
  let document: vscode.TextDocument | undefined;

  teardown(async () => {
    if (document) await removeFiles(document.uri);
    document = undefined;
  });

  test('puts one at each cursor, and one undo takes all of them back', async () => {
    const before = 'switches:\n  a: { network: }\n  b: { network: }\nvms: {}\n';
    document = await openLab('networks.lab.yaml', before);
    const editor = await vscode.window.showTextDocument(document);
    editor.selections = [1, 2].map(line => {
      const at = new vscode.Position(line, '  a: { network:'.length);
      return new vscode.Selection(at, at);
    });

    await overWith(vscode.commands.executeCommand('kvmlab.insertNetwork'));
    const [, first, second] =
      /a: \{ network: (\S+)\/24 \}\n {2}b: \{ network: (\S+)\/24 \}/.exec(document.getText()) ?? [];
    await vscode.commands.executeCommand('undo');

    assert.ok(first !== undefined && second !== undefined && first !== second, document.getText());
    assert.strictEqual(document.getText(), before);
  });

  test('puts one into a file that labs include', async () => {
    const part = await writeFile('networks.lab-part.yaml', 'switches:\n  a: { network: }\n');
    document = await vscode.workspace.openTextDocument(part);
    const editor = await vscode.window.showTextDocument(document);
    const at = new vscode.Position(1, '  a: { network:'.length);
    editor.selection = new vscode.Selection(at, at);

    await overWith(vscode.commands.executeCommand('kvmlab.insertNetwork'));

    assert.match(document.getText(), /a: \{ network: [\d.]+\/24 \}/);
  });

  test('is refused outside of lab files', async () => {
    const other = await writeFile('notes.txt', 'network:\n');
    document = await vscode.workspace.openTextDocument(other);
    await vscode.window.showTextDocument(document);

    await overWith(vscode.commands.executeCommand('kvmlab.insertNetwork'), 'notifications.clearAll');

    assert.strictEqual(document.getText(), 'network:\n');
  });
});
