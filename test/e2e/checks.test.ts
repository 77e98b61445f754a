import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { freeIds } from '../support/free-ids.ts';
import { tinyGuestDir } from '../support/tiny-guest.ts';
import { VsCodeServer } from '../support/vscode/server.ts';
import { Workbench } from '../support/vscode/workbench.ts';

const patienceMs = 120_000;
const file = 'proven.lab.yaml';

/** Two VMs under software emulation, with one check that holds and one that does not. One story, told in order. */
describe('the checks of a lab in the Test Explorer', () => {
  let server: VsCodeServer;
  let window: Workbench;

  beforeAll(async () => {
    const [guest, [a, b]] = await Promise.all([tinyGuestDir(), freeIds(2)]);
    server = await VsCodeServer.start({
      environment: { KVMLAB_ACCEL: 'tcg', STOP_SECONDS: '1' },
      settings: { 'testing.automaticallyOpenPeekView': 'never' },
    });
    const text = [
      'name: proven',
      'defaults: { memory: 96M }',
      'switches: { lan: }',
      'vms:',
      `  a: { id: ${a}, guest: tiny, nics: [{ switch: lan, address: 10.9.0.1/24 }] }`,
      `  b: { id: ${b}, guest: tiny, nics: [{ switch: lan, address: 10.9.0.2/24 }] }`,
      'checks:',
      '  web: a reaches b on tcp/80',
      '  apart: a must not reach b',
      '',
    ].join('\n');
    const folder = await server.makeFolder('lab', { files: { [file]: text } });
    await server.makeFolder('lab/guest', { from: guest });
    window = await Workbench.open(server, folder, file);
  }, 3 * patienceMs);

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await window.screenshot(`failed-${task.name}`);
  });

  afterAll(async () => {
    await window.close();
    await server.stop();
  });

  test('are there, with icons beside their lines, before the lab runs', async () => {
    await window.tests.icons().nth(1).waitFor();
    await window.openContainer('Testing');
    await window.tests.expand('proven');
    await window.tests.waitFor('web', /Not yet run/i);
    await window.screenshot('checks-1-items');
  });

  test('are made in the lab, which is started if the user wants that: one is green, one is red', async () => {
    await window.runCommand('Test: Run All Tests');
    await window.press('Start');
    await window.tests.waitFor('web', /Passed/i, patienceMs);
    await window.tests.waitFor('apart', /Failed/i, patienceMs);
    await window.screenshot('checks-2-results');
  });

  test('are made once more by the icon of one, and what was asked and answered is shown', async () => {
    await window.tests.icons().first().click();
    await window.tests.waitFor('web', /Passed/i, patienceMs);
    await window.runCommand('Test: Show Output');
    await window.page.locator('.test-output-peek-tree, .test-output-peek').first().waitFor();
    await window.screenshot('checks-3-output');
  });

  test('and what both say to a command stands beside each other', async () => {
    await window.runCommand('KVM Lab: Run Command on VMs…');
    for (const vm of ['a', 'b']) await window.pick(new RegExp(`^${vm} *running`));
    await window.acceptPicks();
    await window.answer('hostname; ip -4 -o address show eth0 | cut -c1-30; exit 2');
    const text = await window.editor().waitForText('== b: status 2');
    await window.screenshot('checks-4-answers');

    expect(text).toMatch(/== a: status 2 +│ +== b: status 2/);
  });
});
