import * as assert from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { activeExtension, removeFiles, type, until, workspaceFolder, writeFile } from '../support/extension-host.ts';
import { bigLab } from '../support/lab-generator.ts';

const samplesFolder = (): string =>
  path.join(vscode.extensions.getExtension('kvmlab.kvmlab')?.extensionPath ?? '', 'extension/samples');
const sampleText = (name: string): string => readFileSync(path.join(samplesFolder(), name, `${name}.lab.yaml`), 'utf8');
/**
 * The sample vlans as a lab that has scripts where nobody has built the tiny guest: under another name, and with IDs that
 * no other lab has, as labs of other tests may still be known when their files are only just gone.
 */
const labWithScripts = (name: string, tens: number): string =>
  sampleText('vlans')
    .replace('name: vlans', `name: ${name}`)
    .replaceAll(/ *guest: tiny.*\n/g, '')
    .replaceAll(/id: 4(\d)/g, `id: ${tens}$1`);

/** Opens a lab file in an editor, once the lab has been read. */
async function openLab(name: string, text: string): Promise<vscode.TextDocument> {
  const { store } = await activeExtension();
  const uri = await writeFile(`${name}.lab.yaml`, text);
  await until(
    'the lab',
    () => store.lab(uri.fsPath)?.lab?.vms.length,
    count => count !== undefined,
  );
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document);
  return document;
}

const ask = <T>(command: string, ...words: readonly unknown[]): Thenable<T> =>
  vscode.commands.executeCommand<T>(`vscode.${command}`, ...words);

/** In the middle of the first place of a text. */
const at = (document: vscode.TextDocument, text: string): vscode.Position =>
  document.positionAt(document.getText().indexOf(text) + Math.ceil(text.length / 2));

/** The words at ranges of a document, with their lines counted from 1. */
const wordsAt = (document: vscode.TextDocument, ranges: readonly vscode.Range[]): readonly string[] =>
  ranges.map(range => `${range.start.line + 1} ${document.getText(range)}`);

const lineOf = (document: vscode.TextDocument, text: string): number => at(document, text).line + 1;

type Found = vscode.Location | vscode.LocationLink;
const target = (found: Found): readonly [string, vscode.Range] =>
  'targetUri' in found
    ? [found.targetUri.path, found.targetSelectionRange ?? found.targetRange]
    : [found.uri.path, found.range];

/** The coloured words as `kind word`, `kind! word` where something gets its name. */
function colours(document: vscode.TextDocument, tokens: vscode.SemanticTokens, legend: vscode.SemanticTokensLegend) {
  const words: string[] = [];
  let [line, character] = [0, 0];
  for (let index = 0; index < tokens.data.length; index += 5) {
    const [lines = 0, columns = 0, length = 0, kind = 0, modifiers = 0] = tokens.data.slice(index, index + 5);
    [line, character] = [line + lines, lines > 0 ? columns : character + columns];
    const word = document.getText(new vscode.Range(line, character, line, character + length));
    words.push(`${legend.tokenTypes[kind] ?? ''}${modifiers > 0 ? '!' : ''} ${word}`);
  }
  return words;
}

async function coloursOf(document: vscode.TextDocument): Promise<readonly string[]> {
  const legend = await ask<vscode.SemanticTokensLegend>('provideDocumentSemanticTokensLegend', document.uri);
  return colours(document, await ask('provideDocumentSemanticTokens', document.uri), legend);
}

suite('names in lab files', () => {
  let document: vscode.TextDocument;

  teardown(() => removeFiles(document.uri));

  for (const name of ['firewall', 'office', 'vlans']) {
    test(`lead to each other in the sample ${name}, which has an outline, folds and colours and is laid out well`, async () => {
      document = await openLab(name, sampleText(name));
      const { store } = await activeExtension();
      const lab = store.lab(document.uri.fsPath)?.lab;
      assert.ok(lab);
      const { vms, switches } = lab;
      const plugs = [...vms.flatMap(vm => vm.nics), ...lab.wires.flatMap(wire => wire.ends)].map(plug => plug.switch);

      for (const { name: switchName, nameSpan } of switches) {
        const place = document.positionAt(nameSpan.start);
        const references = await ask<Found[]>('executeReferenceProvider', document.uri, place);
        assert.strictEqual(references.length, plugs.filter(plug => plug === switchName).length + 1);
        for (const [, range] of references.map(target)) {
          const definitions = await ask<Found[]>('executeDefinitionProvider', document.uri, range.start);
          assert.deepStrictEqual(
            definitions.map(found => wordsAt(document, [target(found)[1]])),
            [[`${place.line + 1} ${switchName}`]],
          );
        }
      }
      const outline = await ask<vscode.DocumentSymbol[]>('executeDocumentSymbolProvider', document.uri);
      assert.deepStrictEqual(
        outline.find(one => one.name === 'vms')?.children.map(one => one.name),
        vms.map(vm => vm.name),
      );
      const folds = await ask<vscode.FoldingRange[]>('executeFoldingRangeProvider', document.uri);
      assert.ok(folds.some(fold => fold.kind === vscode.FoldingRangeKind.Comment && fold.start === 0));
      assert.ok(folds.some(fold => fold.start + 1 === lineOf(document, 'vms:')));
      const coloured = await coloursOf(document);
      assert.deepStrictEqual(
        coloured.filter(word => word.startsWith('vm!')),
        vms.map(vm => `vm! ${vm.name}`),
      );
      assert.deepStrictEqual(await ask('executeFormatDocumentProvider', document.uri, { tabSize: 2 }), undefined);
    });
  }

  test('are marked where they stand, an address in gateways too', async () => {
    document = await openLab('marked', sampleText('firewall'));

    const marks = await ask<vscode.DocumentHighlight[]>(
      'executeDocumentHighlights',
      document.uri,
      at(document, 'gateway: 192.168.10.1').translate(0, 8),
    );

    assert.deepStrictEqual(
      wordsAt(
        document,
        marks.map(mark => mark.range),
      ).map(word => word.split(' ')[1]),
      ['192.168.10.1', '192.168.10.1'],
    );
  });

  test('lead to scripts and back, and to the keys that settings come from', async () => {
    document = await openLab('scripted', labWithScripts('scripted', 731));
    await vscode.commands.executeCommand('kvmlab.generate', document.uri);
    const folder = vscode.Uri.joinPath(workspaceFolder(), 'scripted');
    try {
      const script = vscode.Uri.joinPath(folder, 'red1.sh');

      const fromKey = await ask<Found[]>('executeDefinitionProvider', document.uri, at(document, 'red1:'));
      const implementations = await ask<Found[]>('executeImplementationProvider', document.uri, at(document, '[red1'));
      const references = await ask<Found[]>('executeReferenceProvider', document.uri, at(document, 'east:'));

      assert.deepStrictEqual(
        [...fromKey, ...implementations].map(found => target(found)[0]),
        [script.path, script.path],
      );
      assert.deepStrictEqual([...new Set(references.map(found => path.basename(target(found)[0])))].sort(), [
        'blue1.sh',
        'red1.sh',
        'scripted.lab.yaml',
        'switch-east.sh',
        'wire-east-west.sh',
      ]);
      const bash = await vscode.workspace.openTextDocument(script);
      const back = async (text: string): Promise<readonly string[]> => {
        const found = await ask<Found[]>('executeDefinitionProvider', script, at(bash, text));
        return wordsAt(
          document,
          found.filter(one => target(one)[0] === document.uri.path).map(one => target(one)[1]),
        );
      };
      assert.deepStrictEqual(await back('VM red1'), [`${lineOf(document, '  red1:')} red1`]);
      assert.deepStrictEqual(await back('east'), [`${lineOf(document, '  east:')} east`]);
      assert.deepStrictEqual(await back('ID=7311'), [`${lineOf(document, 'id: 7311')} 7311`]);
      assert.deepStrictEqual(await back('set -u'), []);
    } finally {
      await vscode.workspace.fs.delete(folder, { recursive: true });
    }
  });

  test('lead to files that are there, and to no others', async () => {
    const image = await writeFile('there.qcow2', '');
    try {
      document = await openLab('linked', 'vms:\n  a: { id: 7301, disks: [there.qcow2, gone.qcow2] }\n');

      const links = await ask<vscode.DocumentLink[]>('executeLinkProvider', document.uri, 10);

      assert.deepStrictEqual(
        links.map(link => [document.getText(link.range), link.target?.path]),
        [['there.qcow2', image.path]],
      );
    } finally {
      await vscode.workspace.fs.delete(image);
    }
  });

  test('are found in the whole workspace', async () => {
    document = await openLab('searched', 'switches: { seekme: {} }\nvms: { seekyou: { id: 7302 } }\n');

    const found = await ask<vscode.SymbolInformation[]>('executeWorkspaceSymbolProvider', 'seek');

    assert.deepStrictEqual(
      found.map(one => [one.name, one.containerName, document.getText(one.location.range)]).sort(),
      [
        ['seekme', 'lab searched', 'seekme'],
        ['seekyou', 'lab searched', 'seekyou'],
      ],
    );
  });

  test('stay at their places while a line is half typed', async () => {
    document = await openLab('half', sampleText('vlans'));
    await type(document, sampleText('vlans').replace('    nics: [{ switch: west, address', '    nics: [{ switch: we'));

    const [found] = await ask<Found[]>('executeDefinitionProvider', document.uri, at(document, 'east,'));

    assert.deepStrictEqual(found && wordsAt(document, [target(found)[1]]), [`${lineOf(document, '  east:')} east`]);
  });

  test('of 1,000 VMs are all there', async function () {
    this.timeout(180_000);
    document = await openLab('thousand', bigLab(1000, 50));

    const outline = await ask<vscode.DocumentSymbol[]>('executeDocumentSymbolProvider', document.uri);
    const coloured = await coloursOf(document);
    const references = await ask<Found[]>('executeReferenceProvider', document.uri, at(document, '  s7:'));

    assert.strictEqual(outline.find(one => one.name === 'vms')?.children.length, 1000);
    assert.strictEqual(coloured.filter(word => word.startsWith('vm!')).length, 1000);
    assert.strictEqual(references.length, coloured.filter(word => /^switch!? s7$/.test(word)).length);
    assert.strictEqual(await ask('executeFormatDocumentProvider', document.uri, { tabSize: 2 }), undefined);
  });
});

suite('a rename in a lab file', () => {
  let document: vscode.TextDocument;
  let text = '';
  const rename = (word: string, to: string) =>
    ask<vscode.WorkspaceEdit>('executeDocumentRenameProvider', document.uri, at(document, word), to);

  setup(async () => {
    text = labWithScripts('renamed', 732);
    document = await openLab('renamed', text);
  });
  teardown(() => removeFiles(document.uri));

  test('changes the name wherever it stands, and one undo takes it back', async () => {
    const edit = await rename('[red1', 'rouge');
    await vscode.workspace.applyEdit(edit);
    const places = text.replace('  red1:\n', '  rouge:\n').replace('[red1,', '[rouge,');
    assert.strictEqual(document.getText(), places.replaceAll(': red1 ', ': rouge '));

    await vscode.commands.executeCommand('undo');

    assert.strictEqual(document.getText(), text);
  });

  test('takes generated scripts along, with what was changed in them, and leaves files of others alone', async () => {
    await vscode.commands.executeCommand('kvmlab.generate', document.uri);
    const folder = vscode.Uri.joinPath(workspaceFolder(), 'renamed');
    const file = (name: string): vscode.Uri => vscode.Uri.joinPath(folder, name);
    try {
      const edited = Buffer.from(await vscode.workspace.fs.readFile(file('switch-east.sh'))).toString();
      const own = edited.replace(/^PORTS=31/m, 'PORTS=12');
      assert.notStrictEqual(own, edited);
      await vscode.workspace.fs.writeFile(file('switch-east.sh'), Buffer.from(own));
      await vscode.workspace.fs.writeFile(file('wire-east-west.sh'), Buffer.from('# mine\n'));

      await vscode.workspace.applyEdit(await rename('  east:', 'cellar'));

      const names = readdirSync(folder.fsPath).sort();
      assert.deepStrictEqual(
        names.filter(name => /east|cellar/.test(name)),
        ['switch-cellar.sh', 'wire-east-west.sh'],
      );
      assert.strictEqual(readFileSync(file('switch-cellar.sh').fsPath, 'utf8'), own);
    } finally {
      await vscode.workspace.fs.delete(folder, { recursive: true });
    }
  });

  test('of another host changes it wherever something is placed there, unless ssh goes by it or something runs there', async () => {
    const { store } = await activeExtension();
    const lab = (name: string): string =>
      `hosts: { ${name}: { ssh: me@far }, bare: }\nswitches: { lan: { host: ${name} } }\nvms: { pc: { id: 734, host: ${name} } }\n`;
    const spread = await openLab('spread', lab('left'));
    const renamed = (word: string, to: string) =>
      ask<vscode.WorkspaceEdit>('executeDocumentRenameProvider', spread.uri, at(spread, word), to);
    try {
      await vscode.workspace.applyEdit(await renamed('left }', 'cellar'));
      assert.strictEqual(spread.getText(), lab('cellar'));

      await assert.rejects(async () => renamed('bare', 'other'), /Write "ssh: bare" into its entry/);
      await assert.rejects(async () => renamed('cellar:', 'bare'), /bare/);
      const vms = [{ name: 'pc', pid: 0, far: { host: 'cellar', pid: 7 } }];
      // Whoever looks at the hosts for the trees says meanwhile that this new one was not asked yet.
      const refusal = async (): Promise<string> => {
        store.setFar(spread.uri.fsPath, 'cellar', { kind: 'seen', things: { vms, switches: [], wires: [] } });
        return renamed('cellar:', 'roof').then(() => '', String);
      };
      await until('a refusal', refusal, words => words.includes('pc runs on cellar'));
    } finally {
      await removeFiles(spread.uri);
    }
  });

  test('is refused where nothing has a name, for names that are taken, and while it runs', async () => {
    const { store } = await activeExtension();
    const prepare = (word: string) => ask<unknown>('prepareRename', document.uri, at(document, word));

    await assert.rejects(async () => prepare('description'), /Only VMs, switches, groups, templates, images and hosts/);
    await assert.rejects(async () => rename('  red1:', 'red2'), /There is a VM red2 already/);
    assert.ok(await prepare('  red1:'));
    const red1 = { lab: document.uri.fsPath, kind: 'vm', name: 'red1' } as const;
    store.setTask(red1, { kind: 'starting' });
    try {
      await assert.rejects(async () => prepare('  red1:'), /red1 runs.*Stop it/);
      assert.ok(await prepare('  red2:'));
    } finally {
      store.setTask(red1, undefined);
    }
  });
});

suite('hints in a lab file', () => {
  let document: vscode.TextDocument;
  const hints = async (): Promise<readonly string[]> => {
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    const found = await ask<vscode.InlayHint[]>('executeInlayHintProvider', document.uri, whole);
    return found.map(({ position, label }) => `${position.line} ${typeof label === 'string' ? label : ''}`);
  };
  const set = (value: boolean | undefined) =>
    vscode.workspace.getConfiguration('kvmlab').update('inlayHints', value, vscode.ConfigurationTarget.Global);

  setup(async () => {
    document = await openLab('hinted', 'switches: { lan: {} }\nvms:\n  a: { id: 31, nics: [{ switch: lan }] }\n');
  });
  teardown(async () => {
    await set(undefined);
    await removeFiles(document.uri);
  });

  test('are there when they are wanted, and follow the text', async () => {
    assert.deepStrictEqual(await hints(), []);
    await set(true);

    assert.deepStrictEqual(await hints(), ['2 serial 10031 · monitor 20031', '2 52:54:00:00:1f:01 · port 1']);
    await type(document, document.getText().replace('31', '32'));
    assert.deepStrictEqual((await hints())[0], '2 serial 10032 · monitor 20032');
  });
});
