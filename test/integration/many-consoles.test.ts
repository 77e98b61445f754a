import { readdirSync, readlinkSync } from 'node:fs';
import * as vscode from 'vscode';
import { LinuxPortHolders } from '../../extension/host/port-holder.ts';
import { serialPort } from '../../extension/lab/networks/addressing.ts';
import { TestQemus } from '../support/console-qemu.ts';
import { activeExtension, removeFiles, until, writeFile } from '../support/extension-host.ts';
import { freeIds } from '../support/free-ids.ts';

const consoles = 50;
const [rounds, atOnce] = [50, 20];
/** 50 terminals keep a window busy for a while. */
const patienceMs = 120_000;

/** In the real extension host, which is this process: what it holds is what the extension holds. */
suite('many consoles', function () {
  this.timeout(600_000);
  const qemus = new TestQemus();
  let uri: vscode.Uri;
  let ports: readonly number[];
  let names: readonly string[];

  suiteSetup(async () => {
    const { store } = await activeExtension();
    const ids = await freeIds(consoles);
    ports = ids.map(serialPort);
    qemus.monitors(ports);
    names = ids.map(id => `v${id}`);
    const vms = ids.map(id => `  v${id}: { id: ${id} }\n`).join('');
    uri = await writeFile('many.lab.yaml', `name: many${process.pid}\nvms:\n${vms}`);
    await until(
      'the lab',
      () => store.lab(uri.fsPath)?.lab?.vms.length,
      count => count === consoles,
    );
  });
  suiteTeardown(async () => {
    disposeAll();
    await isClosed();
    await qemus.stop();
    await removeFiles(uri);
  });

  const count = () => vscode.window.terminals.length;
  const open = async (number: number): Promise<void> => {
    const vms = names.slice(0, number).map(name => ({ lab: uri.fsPath, kind: 'vm', name }));
    await vscode.commands.executeCommand('kvmlab.openAllConsoles', vms[0], vms);
    await until('all terminals', count, now => now === number, patienceMs);
  };
  /** In one burst. */
  const disposeAll = (): void => {
    for (const terminal of vscode.window.terminals) terminal.dispose();
  };
  const isClosed = () => until('no terminal', count, now => now === 0, patienceMs);
  /** How many of the consoles this process holds; each QEMU serves one client. */
  const held = async (): Promise<number> => {
    const holders = await new LinuxPortHolders().find(ports);
    return ports.filter(port => holders.get(port)?.pid === process.pid).length;
  };
  const isHeld = (number: number) => until('the connections', held, now => now === number, patienceMs);

  test('50 are open at once, each with a connection of its own, and all closed at once', async () => {
    await open(consoles);
    await isHeld(consoles);
    disposeAll();
    await isClosed();
    await isHeld(0);
  });

  test('50 are killed by one command', async () => {
    await open(consoles);
    // Connected, so VS Code has made them too: it kills only those, while we count them from when they are asked for.
    await isHeld(consoles);
    await vscode.commands.executeCommand('workbench.action.terminal.killAll');
    await isClosed();
    await isHeld(0);
  });

  test('50 are closed before they have opened', async () => {
    await open(consoles);
    disposeAll();
    await isClosed();
    await isHeld(0);
  });

  test('opened and closed 1,000 times, nothing is left', async () => {
    const before = resources();

    for (let round = 0; round < rounds; round += 1) {
      await open(atOnce);
      if (round % 5 === 0) await isHeld(atOnce);
      disposeAll();
      await isClosed();
    }

    await isHeld(0);
    const isAsBefore = (now: Resources) => now.sockets <= before.sockets && now.handles <= before.handles;
    await until('nothing to be left', resources, isAsBefore, patienceMs);
  });
});

interface Resources {
  readonly sockets: number;
  /** Connections, watches, pipes and timers of Node. */
  readonly handles: number;
}

function resources(): Resources {
  const links = readdirSync('/proc/self/fd').map(linkOf);
  return {
    sockets: links.filter(link => link.startsWith('socket:')).length,
    handles: process.getActiveResourcesInfo().length,
  };
}

function linkOf(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    // The descriptor by which the folder was read.
    return '';
  }
}
