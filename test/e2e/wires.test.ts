import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { freeIds } from '../support/free-ids.ts';
import { tinyGuestDir } from '../support/tiny-guest.ts';
import { until } from '../support/vscode/until.ts';
import { VsCodeServer } from '../support/vscode/server.ts';
import { Workbench } from '../support/vscode/workbench.ts';

const patienceMs = 120_000;
const file = 'line.lab.yaml';
const wireLine = '  - { between: [lan, inet] } # the line';

/** A VM under software emulation reaches the way out over one wire. One story, told in order. */
describe('the panel of a wire', () => {
  let server: VsCodeServer;
  let window: Workbench;

  beforeAll(async () => {
    const [guest, [id]] = await Promise.all([tinyGuestDir(), freeIds(1)]);
    server = await VsCodeServer.start({ environment: { KVMLAB_ACCEL: 'tcg', STOP_SECONDS: '1' } });
    const text = [
      'name: line',
      'switches:',
      '  lan: {}',
      '  inet: { network: 10.0.2.0/24, slirp: true }',
      'vms:',
      `  pc: { id: ${id}, guest: tiny, memory: 96M, nics: [{ switch: lan }] }`,
      'wires:',
      wireLine,
      'scenarios: { nap: [{ for: 60m, pause: pc }, { at: 30m, for: 1m, wire: lan-inet, loss: 5% }] }',
      '',
    ].join('\n');
    const folder = await server.makeFolder('lab', { files: { [file]: text } });
    await server.makeFolder('lab/guest', { from: guest });
    window = await Workbench.open(server, folder, file);
    await window.openContainer('KVM Lab');
    const labs = window.tree('Labs');
    await labs.unfold();
    await labs.press('line', 'Start');
    await labs.waitForState('line', '1 of 1 running', patienceMs);
    await labs.expand('Wires');
    await labs.waitForState('lan – inet', /^running/, patienceMs);
    await labs.press('pc', 'Open Console');
    await window.terminal.waitFor('pc:~#', patienceMs);
    await window.terminal.enter('ip a add 10.0.2.50/24 dev eth0; ping 10.0.2.2');
    await until('a quick ping', async () => (await lastPing()) < 100, { timeoutMs: patienceMs });
  }, 3 * patienceMs);

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await window.screenshot(`failed-${task.name}`);
  });

  afterAll(async () => {
    await window.close();
    await server.stop();
  });

  /** Milliseconds of the newest ping on the console. */
  const lastPing = async (): Promise<number> => {
    const times = [...(await window.terminal.text()).matchAll(/time=([\d.]+) ms/g)];
    return Number(times.at(-1)?.[1] ?? Infinity);
  };

  const both = 'Delay, both directions';
  const shown = (label = both): Promise<string> => window.wire.field(`${label}, in ms`).inputValue();
  const inFront = async (name: string): Promise<void> => {
    await window.page.locator('.tab', { hasText: name }).click();
    await window.page.locator('.tab.active', { hasText: name }).waitFor();
  };

  test('slows down the ping in a console when its slider is dragged', async () => {
    await window.tree('Labs').press('lan – inet', 'Wire Faults');
    await window.wire.slider(both).waitFor();
    await window.wire.drag(both, 0.8);
    const delay = Number(await shown());

    expect(delay).toBeGreaterThan(150);
    await window.wire.waitForWords(`lan – inet: ${delay} ms.`);
    await until('a slow ping', async () => (await lastPing()) >= 2 * delay && (await lastPing()) < Infinity);
    await window.tree('Labs').waitForState('lan – inet', new RegExp(`^running · ${delay} ms$`));
    await window.wire.press('Measure');
    await window.wire.waitForWords(/^Round trip \d+\.\d ms\.\s+lan → inet: .* % of 200 lost/, patienceMs);
    await window.screenshot('wires-1-slow');
  });

  test('is written into the lab file as a change of one line, which one undo takes back', async () => {
    const delay = await shown();
    await window.wire.press('Write to Lab File');
    await window.wire.waitForWords('which is not saved yet');
    await inFront(file);
    const changed = wireLine.replace(' }', `, delay: ${delay}ms }`);
    const text = await window.editor().waitForText(changed.trim());
    await window.screenshot('wires-2-file');

    expect(text).not.toContain(wireLine.trim());
    await window.editor().undoAll();
    expect(await window.editor().waitForText(wireLine.trim())).toBe(text.replace(changed, wireLine));
    await inFront('lan – inet');
  });

  test('is operated by keyboard, direction by direction, and reset as a whole', async () => {
    await window.wire.setLinked(false);
    await window.wire.field('Loss, inet to lan, in %').fill('50');
    await window.page.keyboard.press('Enter');
    await window.wire.waitForWords(/inet → lan: .*50 % loss/);
    await window.wire.slider('Delay, lan to inet').focus();
    await window.page.keyboard.press('Home');
    await window.wire.waitForWords(/^lan – inet: inet → lan: \d+ ms, 50 % loss\.$/);
    for (const [theme, className] of [
      ['Light Modern', 'vs'],
      ['Dark High Contrast', 'hc-black'],
      ['Dark Modern', 'vs-dark'],
    ] as const) {
      await window.useTheme(theme, className);
      await window.screenshot(`wires-3-${className}`);
    }
    await window.wire.press('Reset');
    await window.wire.waitForWords('lan – inet: nothing is wrong with it.');
    await window.tree('Labs').waitForState('lan – inet', 'running');
    await until('a quick ping again', async () => (await lastPing()) < 100);
    await window.wire.choosePreset('lte');
    await window.wire.waitForWords(/^lan – inet: lan → inet: 25 ms ±10 ms, /);
  });

  test('is told of in the picture, which offers the same', async () => {
    await inFront('lan – inet');
    await window.runCommand('View: Close Editor');
    await window.tree('Labs').press('line', 'Open Picture');
    await window.picture.waitForText('25 ms');
    await window.picture.waitForThing(/^lan – inet, .*25 ms/);
    await window.screenshot('wires-4-picture');
    await window.picture.chooseFromMenu(/^lan – inet/, 'Wire Faults');
    await window.wire.slider('Delay, lan to inet').waitFor();
  });

  test('of a wire that flaps is up again when that is stopped', async () => {
    const labs = window.tree('Labs');
    await labs.chooseFromMenu('lan – inet', 'Flap Cable…');
    await window.answer('10m for 60m');
    await window.notification('Flapping wire lan-inet');
    await labs.waitForState('lan – inet', /^stopped/);
    await window.screenshot('wires-5-flap');
    await window.press('Cancel');
    await labs.waitForState('lan – inet', /^running · lan → inet: 25 ms/);
    await until('no button of it', async () => !(await window.notifications()).some(text => text.includes('Flapping')));
  });

  test('and its VM are as they were when a scenario is cancelled', async () => {
    const labs = window.tree('Labs');
    await labs.chooseFromMenu('line', 'Run Scenario…', 'Run which scenario?');
    await window.pick(/^nap/);
    await window.notification('Scenario nap');
    await labs.waitForState('pc', /paused/);
    await window.screenshot('wires-6-scenario');
    await window.press('Cancel');
    await labs.waitForState('pc', /^running/);
  });
});
