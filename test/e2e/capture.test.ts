import { existsSync, readFileSync, statSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { decodeFrame } from '../../extension/packets/decode.ts';
import { PcapReader, type Frame } from '../../extension/packets/pcap.ts';
import { freeIds } from '../support/free-ids.ts';
import { tinyGuestDir } from '../support/tiny-guest.ts';
import { VsCodeServer } from '../support/vscode/server.ts';
import { until } from '../support/vscode/until.ts';
import { Workbench } from '../support/vscode/workbench.ts';

/** Two VMs under software emulation share two cores. */
const patienceMs = 300_000;
/** Stands in for Wireshark: keeps what it was told and what it is sent. */
const wireshark = '#!/bin/sh\necho "$*" > "$0.args"\nexec cat > "$0.pcap"\n';

/** One story, told in order: each part begins where the one before it ended. */
describe('captures in VS Code', () => {
  let server: VsCodeServer;
  let window: Workbench;
  let folder: string;
  let programs: string;

  beforeAll(async () => {
    const [guest, [one = 0, two = 0]] = await Promise.all([tinyGuestDir(), freeIds(2)]);
    server = await VsCodeServer.start();
    // VS Code asks the login shell for the path.
    const profile = 'PATH="$HOME/bin:$PATH"\n';
    await server.makeFolder('.', { files: { '.profile': profile, '.bash_profile': profile } });
    programs = await server.makeFolder('bin', { files: { wireshark } });
    await chmod(path.join(programs, 'wireshark'), 0o755);
    const text = [
      'switches: { lan: {} }',
      'vms:',
      `  one: { id: ${one}, guest: tiny, memory: 96M, nics: [{ switch: lan, address: 10.9.0.1/24 }] }`,
      `  two: { id: ${two}, guest: tiny, memory: 96M, nics: [{ switch: lan, address: 10.9.0.2/24 }] }`,
    ].join('\n');
    folder = await server.makeFolder('lab', { files: { 'pair.lab.yaml': `${text}\n` } });
    await server.makeFolder('lab/guest', { from: guest });
    window = await Workbench.open(server, folder);
    await window.openContainer('KVM Lab');
    for (const vm of ['two', 'one']) {
      await window.tree('Labs').press(vm, 'Start');
      await window.tree('Labs').waitForState(vm, 'running', patienceMs);
    }
    await window.tree('Labs').press('one', 'Open Console');
    await window.terminal.waitFor(/one:~# ?$/, patienceMs);
    await window.terminal.enter('until ping -c 1 -W 1 10.9.0.2; do :; done; echo rea""dy');
    await window.terminal.waitFor(/^ready/m, patienceMs);
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await window.screenshot(`failed-${task.name}`);
  });

  afterAll(async () => {
    await window.close();
    await server.stop();
  });

  test('packets of a NIC are seen as they come, in detail too', { timeout: patienceMs }, async () => {
    await window.tree('Labs').expand('one');
    await window.tree('Labs').chooseFromMenu('NIC 1', 'Capture in Editor');
    await window.packets.waitForWords(/^Capturing/);
    await window.tree('Labs').waitForState('NIC 1', /capturing/);
    await window.terminal.enter('ping -c 3 10.9.0.2');
    await window.packets.waitForPacket(/ICMP.*reply.*seq=2/);

    await window.packets.select(/ICMP.*request/);
    await window.packets.waitForDetail('10.9.0.2');
    const marked = await window.packets.markedBytes(/^(Source|Source Address): 10\.9\.0\.1/);
    await window.packets.press('Home');
    await window.packets.waitForSelected(1);
    await window.packets.press('ArrowDown');
    await window.packets.waitForSelected(2);
    await window.screenshot('capture-1-packets');

    expect(marked).toBe('0a090001');
  });

  test('a capture filter leaves out everything else', { timeout: patienceMs }, async () => {
    await window.packets.filter('icmp');
    await window.packets.waitForWords(/^Capturing · 0 packets/);
    await window.terminal.enter('ip neigh flush dev eth0; ping -c 2 10.9.0.2');
    await window.packets.waitForPacket(/ICMP.*reply.*seq=1/);
    const protocols = (await window.packets.lines()).map(columns => columns[4]);
    await window.packets.filter('no such filter');
    await window.packets.waitForWords(/filter "no such filter" is not understood/);
    await window.screenshot('capture-2-filter');

    expect(protocols).toEqual(['ICMP', 'ICMP', 'ICMP', 'ICMP']);
  });

  test('a capture into Wireshark gives it what comes', { timeout: patienceMs }, async () => {
    await window.tree('Labs').chooseFromMenu('lan', 'Capture in Wireshark');
    await window.tree('Labs').waitForState('lan', /capturing/);
    await window.terminal.enter('ping -c 2 10.9.0.2');
    const file = path.join(programs, 'wireshark.pcap');
    const frames = await until('four frames', async () => {
      const read = await Promise.resolve(pingsIn(file));
      return read.length === 4 ? read : undefined;
    });
    await window.screenshot('capture-3-wireshark');
    await window.tree('Labs').chooseFromMenu('lan', 'Stop Capture');
    await until('no words of a capture', async () => !(await window.tree('Labs').state('lan')).includes('capturing'));

    expect(frames.length).toBe(4);
    expect(readFileSync(path.join(programs, 'wireshark.args'), 'utf8').trim()).toBe('-k -i -');
  });

  test('a capture into a file goes on without the window, and is found again', { timeout: patienceMs }, async () => {
    const file = path.join(folder, 'lan.pcap');
    await window.tree('Labs').chooseFromMenu('lan', 'Capture to File …');
    await window.answer(file);
    await window.tree('Labs').waitForState('lan', /capturing into lan\.pcap/);
    await window.show(folder);
    await window.openContainer('KVM Lab');
    await window.tree('Labs').waitForState('lan', /capturing into lan\.pcap/, 60_000);
    await window.screenshot('capture-4-file');

    await window.runCommand('KVM Lab: Stop Capture');
    await window.pick(/switch lan/);
    await window.acceptPicks();
    await until('the capture to end', async () => !(await window.tree('Labs').state('lan')).includes('capturing'));

    expect(statSync(file).size).toBeGreaterThanOrEqual(24);
  });
});

/** Echo requests and replies in a pcap file. */
function pingsIn(file: string): readonly Frame[] {
  if (!existsSync(file)) return [];
  return new PcapReader().push(readFileSync(file)).filter(frame => decodeFrame(frame.bytes).protocol === 'ICMP');
}
