import * as assert from 'node:assert';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../extension/composition.ts';
import type { ThingRef } from '../../extension/runtime/state.ts';
import type { TreeRow } from '../../extension/vscode/trees/tree-provider.ts';
import {
  activeExtension,
  overWith,
  removeFiles,
  startedPc,
  until,
  workspaceFolder,
} from '../support/extension-host.ts';
import { freeIds } from '../support/free-ids.ts';

/** A VM that only runs its firmware, with a disk that it could write into, on a switch. */
suite('snapshots of labs', function () {
  this.timeout(400_000);
  const name = `p${process.pid}`;
  const copy = `copy-of-${name}`;
  let api: ExtensionApi;
  let uri: vscode.Uri;
  let text: string;
  let lab: ThingRef;
  let pc: ThingRef;
  const inFolder = (file: string): string => path.join(workspaceFolder().fsPath, file);
  const disk = (): string => inFolder('pc.qcow2');
  const points = (): readonly string[] =>
    readdirSync(inFolder(`${name}/snapshots`), { withFileTypes: true })
      .filter(one => one.isDirectory())
      .map(one => one.name);
  const accept = (command: string, ...args: readonly unknown[]): Promise<void> =>
    overWith(vscode.commands.executeCommand(command, ...args));

  suiteSetup(async () => {
    api = await activeExtension();
    await vscode.commands.executeCommand('kvmlab.labs.focus');
    const [id] = await freeIds(1);
    text = `name: ${name}\nswitches: { lan: {} }\nvms:\n  pc: { id: ${id}, memory: 32M, accel: tcg, disks: [{ file: pc.qcow2, size: 8M }], nics: [{ switch: lan }] }\n`;
    ({ uri, pc } = await startedPc(api, 'snapshots.lab.yaml', text));
    lab = { lab: uri.fsPath, kind: 'lab', name };
  });
  suiteTeardown(async () => {
    await api.control.run('kill', [lab]);
    await removeFiles(uri);
    for (const file of [name, copy, 'point.tar', 'pc.qcow2', 'snapshots.lab.yaml.before-snapshot-1'])
      rmSync(inFolder(file), { recursive: true, force: true });
  });

  test('have no row until there is one, and nothing is read of them until it is opened', async () => {
    assert.strictEqual(await row('Snapshots'), undefined);

    await accept('kvmlab.takeSnapshot', lab);

    assert.deepStrictEqual(points(), ['snapshot-1']);
    assert.strictEqual(api.store.stateOf(pc).kind, 'running');
    const folder = await until('the row', () => row('Snapshots'), isThere);
    assert.deepStrictEqual([folder?.node.description, folder?.node.children.length], ['', 0]);
    const point = await shown('snapshot-1');
    assert.match(point.node.description, /^current · (just now|\d+ minutes? ago) · \d[\d.]* [KM]iB$/);
  });

  test('are seen under the one that they came from, whoever takes them', async () => {
    kvmlab('save', 'by-hand', '--note', 'from a terminal');

    const first = await until(
      'the tree',
      () => shown('snapshot-1'),
      ({ node }) => node.children.length === 1,
    );
    assert.strictEqual(first.node.children[0]?.label, 'by-hand');
    assert.match(first.node.children[0].description, /^current · .* · from a terminal$/);
    assert.doesNotMatch(first.node.description, /current/);
  });

  test('are compared: files and state side by side', async () => {
    await vscode.workspace.fs.writeFile(uri, Buffer.from(text.replace('32M', '64M')));
    const second = (await shown('snapshot-1')).node.children[0];
    assert.ok(second);

    // The first that is offered is now.
    await accept('kvmlab.compareSnapshots', { node: second });

    await until('the tab', tabs, all => all.some(label => label.startsWith(`${name}: by-hand ↔ now`)));
    assert.match(await held('snapshot by-hand', '.lab.yaml'), /memory: 32M/);
    assert.match(await held('now', '.lab.yaml'), /memory: 64M/);
  });

  test('restore the lab file through its editor, and the VM to where it was', async () => {
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
    const before = api.store.stateOf(pc);
    const asked = await confirm('kvmlab.restoreSnapshot', await shown('snapshot-1'));

    assert.match(asked, /pc ends at once.*\nWhat was written on disks.*\nsnapshots\.lab\.yaml changed since then/s);

    assert.strictEqual(document.getText(), text);
    assert.strictEqual(readFileSync(uri.fsPath, 'utf8'), text);
    assert.ok(readFileSync(`${uri.fsPath}.before-snapshot-1`, 'utf8').includes('64M'));
    const after = api.store.stateOf(pc);
    assert.ok(before.kind === 'running' && after.kind === 'running' && before.pid !== after.pid);
    await until(
      'the mark',
      () => shown('snapshot-1'),
      ({ node }) => node.description.startsWith('current'),
    );
  });

  test('are not there if they were called off, which is no error', async () => {
    const { showErrorMessage, showInformationMessage, withProgress } = vscode.window;
    const [errors, news]: [unknown[], unknown[]] = [[], []];
    const called = new vscode.CancellationTokenSource();
    called.cancel();
    Object.assign(vscode.window, {
      showErrorMessage: (words: string) => Promise.resolve(void errors.push(words)),
      showInformationMessage: (words: string) => Promise.resolve(void news.push(words)),
      withProgress: (_options: unknown, task: (...words: unknown[]) => Promise<unknown>) =>
        task({ report: () => undefined }, called.token),
    });
    try {
      await answering({ showInputBox: 'unwanted' }, async () => {
        await vscode.commands.executeCommand('kvmlab.takeSnapshot', lab);
      });
    } finally {
      Object.assign(vscode.window, { showErrorMessage, showInformationMessage, withProgress });
    }

    assert.deepStrictEqual(errors, []);
    assert.deepStrictEqual(news, [`The snapshot of lab ${name} was called off. Nothing of it is kept.`]);
    assert.deepStrictEqual([...points()].sort(), ['by-hand', 'snapshot-1']);
    assert.strictEqual(api.store.stateOf(pc).kind, 'running');
  });

  test('go into an archive, and come out of it as a lab of their own', async () => {
    const archive = vscode.Uri.file(inFolder('point.tar'));
    await answering({ showSaveDialog: archive }, async () => {
      await vscode.commands.executeCommand('kvmlab.exportSnapshot', await shown('by-hand'));
    });
    assert.ok(existsSync(archive.fsPath));

    writeFileSync(archive.fsPath, 'an older one, which VS Code has asked about');
    await answering({ showSaveDialog: archive }, async () => {
      await vscode.commands.executeCommand('kvmlab.exportSnapshot', await shown('by-hand'));
    });
    assert.deepStrictEqual([...readFileSync(archive.fsPath).subarray(0, 13)], [...Buffer.from('manifest.json')]);

    await answering({ showOpenDialog: [archive], showInputBox: copy }, () => accept('kvmlab.importSnapshot'));

    assert.strictEqual(readFileSync(inFolder(`${copy}/snapshots.lab.yaml`), 'utf8'), text);
    assert.deepStrictEqual(readdirSync(inFolder(`${copy}/${name}/snapshots`)).sort(), ['by-hand', 'current']);
  });

  test('come from an archive into their lab too, under a name of their own, while nobody has its disk open', async () => {
    const { showErrorMessage, showInformationMessage } = vscode.window;
    const [errors, news]: [string[], string[]] = [[], []];
    Object.assign(vscode.window, {
      showErrorMessage: (words: string) => Promise.resolve(void errors.push(words)),
      showInformationMessage: (words: string) => Promise.resolve(void news.push(words)),
    });
    const answers = { showOpenDialog: [vscode.Uri.file(inFolder('point.tar'))], showInputBox: 'again' };
    const into = () =>
      answering({ ...answers, showQuickPick: { path: uri.fsPath } }, async () => {
        await vscode.commands.executeCommand('kvmlab.importSnapshot');
      });
    try {
      await into();
      assert.deepStrictEqual([errors.length, news, [...points()].sort()], [1, [], ['by-hand', 'snapshot-1']]);
      assert.match(errors[0] ?? '', /^pc of lab p\d+ runs, and disks take a state .* Stop it first\.$/);
      await api.control.run('kill', [lab]);

      await into();
    } finally {
      Object.assign(vscode.window, { showErrorMessage, showInformationMessage });
    }

    assert.deepStrictEqual(news, [`Snapshot again is one of lab ${name} now, ready to be restored.`]);
    assert.deepStrictEqual([...points()].sort(), ['again', 'by-hand', 'snapshot-1']);
    await confirm('kvmlab.restoreSnapshot', await shown('again'));
    assert.strictEqual(api.store.stateOf(pc).kind, 'running');
    await confirm('kvmlab.deleteSnapshot', await shown('again'));
  });

  test('are deleted, also in the disk of a VM that runs', async () => {
    await confirm('kvmlab.deleteSnapshot', await shown('snapshot-1'));

    assert.deepStrictEqual(points(), ['by-hand']);
    const inside = execFileSync('qemu-img', ['snapshot', '-l', '-U', disk()], { encoding: 'utf8' });
    assert.doesNotMatch(inside, /lab\.snapshot-1/);
    await confirm('kvmlab.deleteSnapshot', await shown('by-hand'));
    await until(
      'no row',
      () => row('Snapshots'),
      found => found === undefined,
    );
    assert.strictEqual(existsSync(disk()), true);
  });

  const isThere = (found: unknown): boolean => found !== undefined;

  /** Answers questions for files and names while something is done, as the test host shows no dialogs. */
  async function answering(answers: Readonly<Record<string, unknown>>, act: () => Promise<void>): Promise<void> {
    const before = { ...vscode.window };
    const fixed = Object.entries(answers).map(([question, answer]) => [question, () => Promise.resolve(answer)]);
    Object.assign(vscode.window, Object.fromEntries(fixed));
    try {
      await act();
    } finally {
      for (const question of Object.keys(answers))
        Object.assign(vscode.window, { [question]: before[question as keyof typeof before] });
    }
  }

  /** Runs a command that asks once and answers with its button, as the test host shows no dialogs. Gives what was asked. */
  async function confirm(command: string, clicked: TreeRow): Promise<string> {
    const { showWarningMessage } = vscode.window;
    const asked: string[] = [];
    const answer = (question: string, { detail = '' }: vscode.MessageOptions, button: string): Promise<string> => {
      asked.push(`${question}\n${detail}`);
      return Promise.resolve(button);
    };
    Object.assign(vscode.window, { showWarningMessage: answer });
    try {
      await vscode.commands.executeCommand(command, clicked);
    } finally {
      Object.assign(vscode.window, { showWarningMessage });
    }
    assert.strictEqual(asked.length, 1);
    return asked[0] ?? '';
  }

  const tabs = (): readonly string[] => vscode.window.tabGroups.all.flatMap(group => group.tabs.map(tab => tab.label));

  /** A text that is shown of a point, of the file with this ending. */
  async function held(what: string, ending: string): Promise<string> {
    const find = () =>
      vscode.workspace.textDocuments.find(
        ({ uri: { scheme, query, path: file } }) =>
          scheme === 'kvmlab-script' && query === what && file.endsWith(ending),
      );
    return (await until(`the text of ${what}`, find, isThere))?.getText() ?? '';
  }

  function kvmlab(...words: readonly string[]): void {
    const { extensionPath } = vscode.extensions.getExtension('kvmlab.kvmlab')!;
    const cli = path.join(extensionPath, 'dist/cli.js');
    const [verb = '', ...others] = words;
    execFileSync(process.execPath, [cli, 'snapshot', verb, uri.fsPath, ...others], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      stdio: 'pipe',
    });
  }

  /** A row in the lab's, opened if it can be. */
  async function row(label: string): Promise<TreeRow | undefined> {
    const { provider } = api.labsTree;
    const found = (await provider.getChildren()).find(one => one.node.thing?.lab === uri.fsPath);
    return found && (await provider.getChildren(found)).find(one => one.node.label === label);
  }

  /** The row of a point, with all that lead there opened. */
  async function shown(point: string): Promise<TreeRow> {
    const { provider } = api.labsTree;
    const open = async (at: TreeRow): Promise<TreeRow | undefined> => {
      if (at.node.snapshot === point) return at;
      for (const child of await provider.getChildren(at)) {
        const found = await open(child);
        if (found) return found;
      }
      return undefined;
    };
    const find = async (): Promise<TreeRow | undefined> => {
      const folder = await row('Snapshots');
      return folder && open(folder);
    };
    const found = await until(`the point ${point}`, find, isThere);
    assert.ok(found);
    return found;
  }
});
