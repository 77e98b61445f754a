import { beforeEach, describe, expect, test } from 'vitest';
import { planChanges } from '../../../extension/runtime/change/change-plan.ts';
import { labByHand, readHandEdits } from '../../../extension/runtime/change/hand-edits.ts';
import type { LiveVm, LiveWire } from '../../../extension/runtime/change/live-lab.ts';
import { writeScripts } from '../../../extension/runtime/script-writer.ts';
import { keptArguments, type KeptValues } from '../../../extension/script/renew/kept-arguments.ts';
import type { Lab, Vm } from '../../../extension/lab/model.ts';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { FakeFiles } from '../../support/fake-files.ts';
import { lab as aLab, networkSwitch, nic, vm as aVm, wire } from '../../support/lab-builder.ts';

const path = '/x/dmz.lab.yaml';
const places = { run: '/run/dmz', labFolder: '/x', home: '/home/me', guestFolder: '/guest' };
const web = (parts: Partial<Vm> = {}): Lab =>
  aLab({
    name: 'dmz',
    switches: [networkSwitch('lan'), networkSwitch('dmz')],
    vms: [aVm('web', 31, { nics: [nic(1, 'lan', { port: 2 })], ...parts })],
    wires: [wire('lan', 'dmz')],
  });
const lab = web();

let files: FakeFiles;
beforeEach(async () => {
  files = new FakeFiles();
  await writeScripts(files, path, lab);
});

function edit(name: string, from: string, to: string): void {
  const text = files.held.get(`/x/dmz/${name}`) ?? '';
  expect(text).toContain(from);
  files.held.set(`/x/dmz/${name}`, text.replace(from, to));
}

const handEdits = (of = lab) => readHandEdits(files, path, of, '/x/dmz');

/** The VM as a script of its started it that says the same as the one of now, or these values. */
async function runningVm(kept?: KeptValues): Promise<LiveVm> {
  const values = kept ?? (await handEdits()).settings.get('web.sh') ?? new Map();
  const args = keptArguments(aVm('web', 31, lab.vms[0]), 31, values, { ...places, accel: 'tcg' });
  return { name: 'web', pid: 7, args, nics: undefined, macs: new Map() };
}

/** What is planned for the VM, which does not tell its NICs. */
async function planned(of: Lab, vm?: LiveVm) {
  const scripts = new Set(['web.sh', 'switch-lan.sh', 'switch-dmz.sh']);
  const live = { run: places.run, vms: [vm ?? (await runningVm())], switches: [], wires: [], scripts };
  const images = { oldSeeds: new Set<string>(), remarks: [] };
  return planChanges({ path, lab: of, live, places, hand: await handEdits(of), images });
}

describe('a VM that was started by a script with hand edits', () => {
  test.each([
    ['RAM=256M', 'RAM=1G'],
    ['CPUS=1', 'CPUS=3'],
    ['ID=31', 'ID=77'],
    ["VNC='no'", 'VNC=yes'],
    ['KERNEL=', 'KERNEL=boot/vmlinuz'],
    ['BOOT=', 'BOOT=nc'],
    ['GUEST= ', 'GUEST=tiny '],
    ["ACCEL='auto'", 'ACCEL=tcg'],
    ['EXTRA=()', "EXTRA=(-device 'virtio-rng-pci')"],
  ])('needs no restart for %s, changed to %s', async (from, to) => {
    edit('web.sh', from, to);
    expect((await handEdits()).settings.get('web.sh')?.size).toBe(1);

    expect((await planned(lab)).steps).toEqual([]);
  });

  test('needs one for what the lab file changes beside them, and only for that', async () => {
    edit('web.sh', 'RAM=256M', 'RAM=1G');

    const { steps } = await planned(web({ cpus: 4 }));

    expect(steps.map(({ words }) => words)).toEqual(['web: CPUs 1 → 4']);
  });

  test('needs one when a hand edit is newer than its start', async () => {
    edit('web.sh', 'RAM=256M', 'RAM=1G');

    const { steps } = await planned(lab, await runningVm(new Map()));

    expect(steps.map(({ words }) => words)).toEqual(['web: RAM 256M → 1G']);
  });

  test('is not compared in what only a shell can tell, and that is said', async () => {
    edit('web.sh', 'RAM=256M', 'RAM=$((2 * 512))');
    edit('web.sh', 'qemu+=("${EXTRA[@]}")', 'qemu+=("${EXTRA[@]}" -S)');

    const { steps, remarks } = await planned(web({ extra: ['-no-reboot'] }));

    expect(steps).toEqual([]);
    expect(remarks).toContainEqual(
      expect.stringMatching(/^web\.sh was edited by hand where only a shell .* not compared: RAM, line \d+\.$/),
    );
  });

  test('has its clashes told', async () => {
    edit('web.sh', 'RAM=256M', 'RAM=1G');

    expect((await handEdits(web({ memory: '2G' }))).remarks).toEqual([
      'web.sh: RAM was changed by hand and by the lab file. Renew the scripts to say which counts.',
    ]);
  });
});

test('a wire that leaves the lab leads where its file says, and is plugged in where its switch runs', async () => {
  const of = readLab('switches: { lan: {} }\nwires: [{ between: [lan, ssh://b/dmz/lan] }]').lab!;
  const byHand = labByHand(of, await handEdits(of));
  const plan = async (...wires: readonly LiveWire[]) => {
    const lan = { name: 'lan', socket: '/run/dmz/switch-lan', tap: undefined, picture: undefined, uplink: undefined };
    const live = { run: places.run, vms: [], switches: [lan], wires, scripts: new Set(['wire-lan-b.sh']) };
    const images = { oldSeeds: new Set<string>(), remarks: [] };
    return planChanges({ path, lab: of, live, places, hand: await handEdits(of), images }).steps.map(
      ({ words }) => words,
    );
  };

  expect(byHand.wires).toEqual(of.wires);
  expect(await plan()).toEqual(['wire lan-b is plugged in: lan port 31']);
  expect(
    await plan({ name: 'lan-b', ends: [{ socket: '/run/dmz/switch-lan', port: 31 }], outside: 'ssh://b/dmz/lan' }),
  ).toEqual([]);
});

test('plugs, switches and wires are as their scripts say', async () => {
  edit('web.sh', 'NIC1_PORT=2', 'NIC1_PORT=9');
  edit('web.sh', "NIC1='lan'", 'NIC1=dmz');
  edit('web.sh', "NIC1_MODEL='virtio-net-pci'", 'NIC1_MODEL=e1000');
  edit('switch-lan.sh', 'PORTS=31', 'PORTS=64');
  edit('switch-lan.sh', "STP='no'", 'STP=yes');
  edit('wire-lan-dmz.sh', 'PORT1=31', 'PORT1=20');

  const byHand = labByHand(lab, await handEdits());

  expect(byHand.vms[0]?.nics).toMatchObject([{ switch: 'dmz', port: 9, model: 'e1000' }]);
  expect(byHand.switches[0]).toMatchObject({ ports: 64, stp: { priority: undefined } });
  expect(byHand.switches[1]).toEqual(lab.switches[1]);
  expect(byHand.wires[0]?.ends).toMatchObject([{ switch: 'lan', port: 20 }, { switch: 'dmz' }]);
});

describe('a bad wire whose script was edited by hand', () => {
  const bad = readLab(
    `name: dmz
switches: { lan: {}, dmz: {} }
vms: { web: { id: 31, nics: [{ switch: lan, wire: { delay: 20ms, loss: 1% } }] } }
wires: [{ between: [lan, dmz], delay: 20ms, jitter: 5ms, mtu: 1400 }, { between: [lan, 'udp://127.0.0.1:5001->b:5002'] }]
`,
  ).lab!;
  beforeEach(async () => {
    await writeScripts(files, path, bad);
  });
  const byHand = async () => labByHand(bad, await handEdits(bad));

  test('has what the script says, and the rest as the lab file says', async () => {
    edit('wire-lan-dmz.sh', "DELAY='20+5U'", "DELAY='LR30+2N RL0.5K'");
    edit('wire-lan-dmz.sh', 'LOSS=0', 'LOSS=3');
    edit('web.sh', 'NIC1_DELAY=20', 'NIC1_DELAY=0');
    edit('web.sh', "NIC1_REORDER='no'", 'NIC1_REORDER=yes');

    const { wires, vms } = await byHand();

    expect(wires[0]?.faults).toMatchObject({
      there: { delay: { value: 30 }, jitter: { value: 2, isNormal: true }, loss: { value: 3 }, mtu: { value: 1400 } },
      back: { delay: { value: 512 }, loss: { value: 3 }, mtu: { value: 1400 } },
    });
    expect(wires[0]?.faults?.back).not.toHaveProperty('jitter');
    expect(vms[0]?.nics[0]?.faults).toMatchObject({
      there: { loss: { value: 1 } },
      back: { loss: { value: 1 } },
      reorder: true,
    });
    expect((await handEdits(bad)).remarks).toEqual([]);
  });

  test('leads where its script says', async () => {
    edit('wire-lan-udp.sh', '->b:5002', '->c:5003');

    expect((await byHand()).wires[1]?.ends[1].outside).toEqual({ kind: 'url', url: 'udp://127.0.0.1:5001->c:5003' });
  });

  test('says what was not compared', async () => {
    edit('wire-lan-dmz.sh', 'LOSS=0', "LOSS='5[1]'");
    edit('web.sh', 'NIC1_STATES=()', "NIC1_STATES=('markov-numnodes 2')");

    expect((await handEdits(bad)).remarks).toEqual([
      'wire-lan-dmz.sh was edited by hand where only a shell can tell what it does, which was not compared: LOSS.',
      'web.sh was edited by hand where only a shell can tell what it does, which was not compared: NIC1_STATES.',
    ]);
  });
});
