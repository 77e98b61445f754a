import * as assert from 'node:assert';
import * as vscode from 'vscode';
import type { CheckTests } from '../../extension/vscode/tests/check-tests.ts';
import { activeExtension, removeFiles, type, until, writeFile } from '../support/extension-host.ts';

const lab = `name: proven
switches: { lan: }
vms:
  a: { id: 7101, guest: tiny, nics: [{ switch: lan, address: 10.9.0.1/24 }] }
  b: { id: 7102, guest: tiny, nics: [{ switch: lan, address: 10.9.0.2/24 }] }
checks:
  up: a reaches b
  web:
    check: a reaches b on tcp/80
    wait: 5s
`;

/** What one run is told, in its order. */
class RecordedRun {
  readonly events: string[] = [];
  output = '';

  /** Between the controller and the run that it makes. */
  record(controller: vscode.TestController): () => void {
    const make = controller.createTestRun.bind(controller);
    controller.createTestRun = (...args) => {
      const run = make(...args);
      const told = (what: string, item: vscode.TestItem, words = ''): void => {
        this.events.push(`${what} ${item.id}${words === '' ? '' : `: ${words}`}`);
      };
      const words = ({ message }: vscode.TestMessage): string =>
        typeof message === 'string' ? message : message.value;
      return Object.assign(Object.create(run) as vscode.TestRun, {
        token: run.token,
        enqueued: (item: vscode.TestItem) => told('enqueued', item),
        started: (item: vscode.TestItem) => told('started', item),
        passed: (item: vscode.TestItem) => told('passed', item),
        skipped: (item: vscode.TestItem) => told('skipped', item),
        failed: (item: vscode.TestItem, message: vscode.TestMessage) => told('failed', item, words(message)),
        errored: (item: vscode.TestItem, message: vscode.TestMessage) => told('errored', item, words(message)),
        appendOutput: (text: string) => (this.output += text),
        end: () => run.end(),
      });
    };
    return () => (controller.createTestRun = make);
  }
}

suite('checks of labs in the Test Explorer', () => {
  let uri: vscode.Uri;
  let tests: CheckTests;
  const configuration = vscode.workspace.getConfiguration('kvmlab');

  setup(async () => {
    const api = await activeExtension();
    uri = await writeFile('proven.lab.yaml', lab);
    await vscode.commands.executeCommand('kvmlab.refresh');
    tests = (await until('the Test Explorer', api.checkTests, found => found !== undefined))!;
    await until(
      'the items',
      () => shown().length,
      count => count === 2,
    );
  });
  teardown(async () => {
    await configuration.update('checks.start', undefined, vscode.ConfigurationTarget.Global);
    await removeFiles(uri);
    // VS Code tells late what was deleted: not in the middle of the next test.
    await until('no items', root, item => item === undefined);
  });

  const root = (): vscode.TestItem | undefined => tests.controller.items.get(uri.fsPath);
  const shown = (): readonly (readonly unknown[])[] => {
    const rows: (readonly unknown[])[] = [];
    root()?.children.forEach(({ id, description, range }) => {
      rows.push([id, description, `${range?.start.line}:${range?.start.character}`]);
    });
    return rows;
  };

  test('stand at their places in the lab file, and follow it while it is typed', async () => {
    assert.strictEqual(root()?.label, 'proven');
    assert.deepStrictEqual(shown(), [
      ['up', 'a reaches b', '6:2'],
      ['web', 'a reaches b on tcp/80', '7:2'],
    ]);
    const kept = root()?.children.get('web');

    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
    await type(document, lab.replace('  up: a reaches b\n', '  # nothing yet\n  apart: a must not reach b\n'));
    const names = (): string =>
      shown()
        .map(([name, , place]) => `${String(name)} ${String(place)}`)
        .sort()
        .join();
    await until('what was typed', names, text => text === 'apart 7:2,web 8:2');
    assert.strictEqual(root()?.children.get('web'), kept, 'an item that stays keeps its results');

    await type(document, lab.slice(0, lab.indexOf('checks:')));
    await until(
      'no items',
      () => root(),
      item => item === undefined,
    );
  });

  test('are made as the lab is, without starting it, if that is set', async () => {
    await configuration.update('checks.start', 'never', vscode.ConfigurationTarget.Global);
    const recorded = new RecordedRun();
    const release = recorded.record(tests.controller);
    try {
      const web = root()?.children.get('web');
      assert.ok(web);
      await tests.run(new vscode.TestRunRequest([web]));
      await tests.run(new vscode.TestRunRequest(undefined, [web]));
    } finally {
      release();
    }

    const reason = 'VM a does not run. Start it first.';
    const plain = recorded.events.map(event => event.replace(/\n[^]*/, ''));
    assert.deepStrictEqual(plain.slice(0, 3), ['enqueued web', 'started web', `errored web: ${reason}`]);
    assert.deepStrictEqual(
      plain.filter(event => event.endsWith('up') || event.includes('up:')),
      ['enqueued up', 'started up', `errored up: ${reason}`],
    );
    assert.match(recorded.output, /web: VM a does not run/);
  });
});
