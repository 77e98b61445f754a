import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { freeIds } from '../support/free-ids.ts';
import { tinyGuestDir } from '../support/tiny-guest.ts';
import { processesNaming } from '../support/vscode/leftovers.ts';
import { until } from '../support/vscode/until.ts';
import { VsCodeServer } from '../support/vscode/server.ts';
import { Workbench } from '../support/vscode/workbench.ts';

const sample = path.resolve(import.meta.dirname, '../../extension/samples/firewall/firewall.lab.yaml');
/** Three VMs under software emulation share two cores. */
const patienceMs = 300_000;

/** One story, told in order: each part begins where the one before it ended. */
describe('a newcomer with the firewall sample', () => {
  let server: VsCodeServer;
  let window: Workbench;

  beforeAll(async () => {
    const [guest, text] = await Promise.all([tinyGuestDir(), sampleWithFreeIds()]);
    server = await VsCodeServer.start();
    const folder = await server.makeFolder('lab', { files: { 'firewall.lab.yaml': text } });
    await server.makeFolder('lab/guest', { from: guest });
    window = await Workbench.open(server, folder, 'firewall.lab.yaml');
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await window.screenshot(`failed-${task.name}`);
  });

  afterAll(async () => {
    await window.close();
    await server.stop();
  });

  test('sees the lab and its VMs, stopped, and no problem', async () => {
    await window.openContainer('KVM Lab');

    const labs = window.tree('Labs');
    await labs.waitForState('firewall', '0 of 3 running');
    const inLab = async () => (await labs.rows()).filter(row => row.level === 3).map(row => row.label);
    await expect.poll(inLab).toEqual(expect.arrayContaining(['fw', 'pc', 'web', 'lan', 'dmz']));
    await labs.waitForState('fw', 'stopped');
    expect(await window.editor().squiggles()).toBe(0);
    await window.screenshot('1-sample');
  });

  test('sees a planted error underlined and listed, and gone when it is taken back', async () => {
    const editor = window.editor();

    await window.problems.show();
    await editor.replace('switch: dmz', 'switch: dnz');
    await editor.waitForSquiggles(1);
    const problem = await window.problems.waitFor('dnz');
    const stateWithProblem = await window.tree('Labs').waitForState('firewall', '1 problem');
    await window.screenshot('2-planted-error');
    await editor.undoAll();

    expect(problem).toContain('dmz');
    expect(stateWithProblem).toContain('problem');
    await editor.waitForSquiggles(0);
    await window.problems.waitForNone();
    await window.tree('Labs').waitForState('firewall', /^0 of 3 running$/);
    await window.screenshot('3-error-gone');
  });

  test('starts the lab and sees its VMs and switches turn to running', { timeout: 2 * patienceMs }, async () => {
    const labs = window.tree('Labs');

    await labs.press('firewall', 'Start');

    await labs.waitForState('firewall', '3 of 3 running', patienceMs);
    for (const name of ['fw', 'pc', 'web']) await labs.waitForState(name, 'running', patienceMs);
    await labs.waitForState('lan', 'running');
    await labs.expand('lan');
    await labs.waitForState('port 1', 'fw NIC 1');
    await labs.waitForState('port 2', 'pc NIC 1');
    await window.screenshot('4-running');
  });

  test('reaches web from pc through fw, typed in the console of pc', { timeout: 2 * patienceMs }, async () => {
    await window.tree('Labs').press('pc', 'Open Console');

    await window.terminal.waitFor(/[#$] ?$/, patienceMs);
    // pc may be ready before fw and web are.
    await window.terminal.enter('until ping -c 1 -W 5 10.1.0.80; do sleep 1; done');
    const answer = await window.terminal.waitFor(/ 1 packets received/, patienceMs);

    expect(answer).toMatch(/64 bytes from 10\.1\.0\.80: .*ttl=63/);
    await window.screenshot('5-console');
  });

  test('stops the lab and sees it stopped, with nothing left running', { timeout: 2 * patienceMs }, async () => {
    const labs = window.tree('Labs');

    await labs.press('firewall', 'Stop');

    await labs.waitForState('firewall', '0 of 3 running', patienceMs);
    for (const name of ['fw', 'pc', 'web', 'lan', 'dmz']) await labs.waitForState(name, 'stopped', patienceMs);
    await window.screenshot('6-stopped');
    // The scripts themselves end a moment after what they have stopped.
    await until('no process of the lab to be left', () =>
      Promise.resolve(processesNaming(server.runRoot).length === 0),
    );
  });
});

/** Console ports of the sample's own IDs may be in use on this host. */
async function sampleWithFreeIds(): Promise<string> {
  const text = await readFile(sample, 'utf8');
  const ids = await freeIds([...text.matchAll(/\bid: \d+/g)].length);
  let next = 0;
  return text.replaceAll(/\bid: \d+/g, () => `id: ${ids[next++]}`);
}
