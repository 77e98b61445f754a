import * as assert from 'node:assert';
import { appendFile, mkdir, rm, writeFile as write } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { systemClock } from '../../extension/host/clock.ts';
import { TelnetDialer } from '../../extension/host/console-dialer.ts';
import type { ByteSession } from '../../extension/runtime/console/byte-session.ts';
import { consoleOfVm } from '../../extension/runtime/console/console-lookup.ts';
import { ConsoleSession } from '../../extension/runtime/console/console-session.ts';
import { targetKey, type TargetId, type TerminalTarget } from '../../extension/runtime/console/terminal-target.ts';
import { restoreConsoles } from '../../extension/vscode/consoles/console-memory.ts';
import { ConsoleTerminals } from '../../extension/vscode/consoles/console-terminals.ts';
import { activeExtension, removeFiles, until, writeFile } from '../support/extension-host.ts';
import { freeIds } from '../support/free-ids.ts';

suite('consoles', () => {
  const name = `c${process.pid}`;
  let uri: vscode.Uri;
  let run: string;
  const names = (): readonly string[] => vscode.window.terminals.map(one => one.name);
  const vm = (vmName: string) => ({ lab: uri.fsPath, kind: 'vm' as const, name: vmName });
  const order = (command: string, ...args: readonly unknown[]) =>
    vscode.commands.executeCommand(`kvmlab.${command}`, ...args);
  const shown = (...wanted: readonly string[]) =>
    until('the terminals', names, all => wanted.every(one => all.includes(one)));

  suiteSetup(async () => {
    const { store } = await activeExtension();
    const ids = await freeIds(2);
    const vms = ['a', 'b'].map((one, at) => `${one}: { id: ${ids[at] ?? 0}, nics: [{ switch: lan }] }`).join(', ');
    uri = await writeFile('consoles.lab.yaml', `name: ${name}\nswitches: { lan: {} }\nvms: { ${vms} }\n`);
    await until(
      'the lab',
      () => store.lab(uri.fsPath)?.lab?.vms.length,
      count => count === 2,
    );
    run = path.join(process.env['KVMLAB_RUN_ROOT'] ?? '', name);
    await mkdir(run, { recursive: true });
  });
  teardown(async () => {
    for (const terminal of vscode.window.terminals) terminal.dispose();
    await until('no terminal', names, all => all.length === 0);
  });
  suiteTeardown(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await removeFiles(uri);
    await rm(run, { recursive: true });
  });

  test('of a whole lab open as one terminal each, and leave the focus where it is', async () => {
    const editor = await vscode.window.showTextDocument(uri);

    await order('openAllConsoles', uri);

    await shown('a · serial', 'b · serial');
    assert.strictEqual(vscode.window.activeTextEditor?.document.uri.fsPath, editor.document.uri.fsPath);
  });

  test('open once, however often that is asked for, and once more when another terminal is', async () => {
    await order('openConsole', vm('a'));
    await order('openConsole', vm('a'));
    await shown('a · serial');
    const before = names().length;

    await order('openAnotherTerminal', vm('a'));

    await shown('a · serial', 'a · serial (2)');
    assert.strictEqual(before, 1);
  });

  test('come back in front of the shell that VS Code opens in an open panel, also if that comes later', async () => {
    const { store } = await activeExtension();
    // Nothing runs: they wait, as a window's do.
    const makeSession = (target: TerminalTarget): ByteSession =>
      new ConsoleSession(new TelnetDialer(), systemClock, target.kind === 'switch' ? 0 : target.port);
    const terminals = new ConsoleTerminals({
      clock: systemClock,
      makeSession,
      stateOf: () => undefined,
      start: () => undefined,
    });
    const open = ['a', 'b'].map((one): TargetId => [uri.fsPath, one, 'serial']);
    const targetOf = ([, one]: TargetId) => consoleOfVm(vm(one), 'serial', store.labs, () => run);
    const restoring = restoreConsoles(terminals, { open, active: open[1] }, targetOf);
    await shown('a · serial', 'b · serial');

    vscode.window.createTerminal('a shell').show();

    const inFront = (): string | undefined => terminals.find(vscode.window.activeTerminal)?.key;
    await until('the shell', names, all => all.includes('a shell'));
    await until('the console in front', inFront, key => key === targetKey(targetOf(open[1]!)!));
    restoring.dispose();
    terminals.dispose();
  });

  test('of serial, monitor and switch are terminals of their own', async () => {
    await order('openConsole', vm('a'));
    await order('openMonitor', vm('a'));
    await order('openSwitchConsole', { lab: uri.fsPath, kind: 'switch', name: 'lan' });

    await shown('a · serial', 'a · monitor', 'lan · switch');
  });

  test('have a log that is a read-only document, with the start of the VM, and grows', async () => {
    const log = path.join(run, 'a.console.log');
    await write(log, '\u001b[1mbooted\u001b[0m\r\n');
    await write(path.join(run, 'a.console.marks'), `0 ${Date.UTC(2026, 0, 2, 3, 4, 5) / 1000} 4711\n`);

    await order('openConsoleLog', vm('a'));
    const document = vscode.window.activeTextEditor?.document;
    assert.ok(document);
    const [start, first] = document.getText().split('\n');
    await appendFile(log, 'more\r\n');
    await until(
      'the log to grow',
      () => document.getText(),
      text => text.endsWith('booted\nmore\n'),
    );

    assert.match(start ?? '', /VM start, .*2026.*process 4711/);
    assert.strictEqual(first, 'booted');
    assert.strictEqual(document.uri.scheme, 'kvmlab-log');
  });
});
