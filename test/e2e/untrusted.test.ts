import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { processesNaming } from '../support/vscode/leftovers.ts';
import { VsCodeServer } from '../support/vscode/server.ts';
import { Workbench } from '../support/vscode/workbench.ts';

const sample = path.resolve(import.meta.dirname, '../../extension/samples/firewall/firewall.lab.yaml');

describe('a folder that nobody has trusted yet', () => {
  let server: VsCodeServer;
  let window: Workbench;
  let folder: string;

  beforeAll(async () => {
    const text = await readFile(sample, 'utf8');
    server = await VsCodeServer.start({ trust: 'ask' });
    folder = await server.makeFolder('lab', {
      files: {
        'firewall.lab.yaml': text,
        'broken.lab.yaml': 'vms: { a: { id: 7000, nics: [{ switch: nowhere }] } }\n',
      },
    });
    window = await Workbench.open(server, folder, 'broken.lab.yaml');
    await window.statusBarItem('Restricted Mode');
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await window.screenshot(`failed-${task.name}`);
  });

  afterAll(async () => {
    await window.close();
    await server.stop();
  });

  test('shows its labs', async () => {
    await window.openContainer('KVM Lab');

    await window.tree('Labs').waitForState('firewall', '0 of 3 running');
    await window.tree('Labs').waitForState('broken', '1 problem');
  });

  test('shows its problems', async () => {
    await window.problems.show();

    expect(await window.problems.waitFor('nowhere')).toContain('switch');
    await window.screenshot('untrusted');
  });

  test('starts nothing and writes nothing', async () => {
    await window.tree('Labs').press('firewall', 'Start');

    expect(await window.notification('not trusted')).toContain('Manage Workspace Trust');
    await window.screenshot('untrusted-start');
    expect((await readdir(folder)).sort()).toEqual(['broken.lab.yaml', 'firewall.lab.yaml']);
    expect(await readdir(server.runRoot).catch(() => [])).toEqual([]);
    expect(processesNaming(server.runRoot)).toEqual([]);
  });
});
