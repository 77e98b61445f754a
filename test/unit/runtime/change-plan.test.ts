import { describe, expect, test } from 'vitest';
import type { Lab, Nic, Vm } from '../../../extension/lab/model.ts';
import { planChanges } from '../../../extension/runtime/change/change-plan.ts';
import { isChosen } from '../../../extension/runtime/change/change-step.ts';
import type { HandEdits } from '../../../extension/runtime/change/hand-edits.ts';
import type { ImageNews } from '../../../extension/runtime/change/image-news.ts';
import { offerWords, summaryOf } from '../../../extension/runtime/change/change-words.ts';
import { readOutsideEnd } from '../../../extension/lab/outside.ts';
import { readLab } from '../../../extension/lab/reading/reader.ts';
import { outsideUrl } from '../../../extension/vde/outside-wire.ts';
import { perfectWire, type WireFaults } from '../../../extension/lab/wire-faults.ts';
import type { LiveLab, LiveVm, LiveWire } from '../../../extension/runtime/change/live-lab.ts';
import { deviceName } from '../../../extension/qemu/nic-ids.ts';
import { vmArguments } from '../../../extension/script/vm-steps.ts';
import { uplinkArguments } from '../../../extension/script/uplink.ts';
import { FakeVdeSwitch } from '../../support/fake-management.ts';
import { processEntry } from '../../support/fake-processes.ts';
import { lab as aLab, networkSwitch, nic, vm as aVm, wire } from '../../support/lab-builder.ts';
import { pictureOf, runRoot } from '../../support/switch-pictures.ts';

const run = `${runRoot}/dmz`;
const path = '/labs/dmz.lab.yaml';
const places = { run, labFolder: '/labs', home: '/home/me', guestFolder: '/guest' };
const lan = networkSwitch('lan');

interface Running {
  /** As it was when it was started. */
  readonly lab: Lab;
  readonly one?: FakeVdeSwitch;
  /** VMs that plugged in; by name. */
  readonly vms?: readonly LiveVm[];
  readonly parts?: Partial<LiveLab>;
  readonly hand?: HandEdits;
  readonly images?: Partial<ImageNews>;
}

const noHand: HandEdits = { settings: new Map(), code: new Set(), remarks: [] };

const pidOf = (vm: Vm): number => 100 + (vm.id ?? 0);

/** A VM as its script started it. */
function liveVm(vm: Vm, parts: Partial<LiveVm> = {}): LiveVm {
  const args = vmArguments(vm, vm.id ?? 0, { ...places, accel: 'tcg' });
  const nics = vm.nics.map(({ number, switch: name, model }) => {
    return { number, model: deviceName(model), address: `${run}/switch-${name}`, isPulled: false };
  });
  const macs = new Map(vm.nics.map(({ number, mac = '' }) => [number, mac]));
  return { name: vm.name, pid: pidOf(vm), args, nics, macs, ...parts };
}

/** What is planned for a lab of one switch, each step with what it costs. */
async function plan(file: Lab, running: Running) {
  const { lab, parts, hand = noHand, images } = running;
  const { one = plugged(lab), vms = lab.vms.map(vm => liveVm(vm)) } = running;
  const processes = vms.map(({ pid, args }) => processEntry(pid, args));
  const picture = await pictureOf(one, processes, file);
  const scripts = new Set(['switch-lan.sh', 'switch-dmz.sh', ...lab.vms.map(vm => `${vm.name}.sh`)]);
  const it = { name: 'lan', socket: `${run}/switch-lan`, tap: undefined, picture, uplink: undefined };
  const live: LiveLab = { run, vms, switches: [it], wires: [], scripts, ...parts };
  return planChanges({ path, lab: file, live, places, hand, images: { oldSeeds: new Set(), remarks: [], ...images } });
}

const words = async (file: Lab, running: Running): Promise<readonly string[]> =>
  (await plan(file, running)).steps.map(step => `${step.kind}: ${step.words}`);

/** The switch lan with everybody in their ports. */
function plugged(lab: Lab): FakeVdeSwitch {
  const one = new FakeVdeSwitch();
  for (const vm of lab.vms)
    for (const { switch: name, port = 0 } of vm.nics)
      if (name === 'lan') one.port(port, { endpoints: [`QEMU user=u pid=${pidOf(vm)}`] });
  return one;
}

const withNics = (...nics: readonly Nic[]): Lab =>
  aLab({ switches: [lan, networkSwitch('dmz')], vms: [aVm('web', 31, { nics })] });
const web = (parts: Partial<Vm>): Lab => aLab({ switches: [lan], vms: [aVm('web', 31, parts)] });

describe('a plan for what runs', () => {
  test('has no step when all is as the file says, or when nothing runs', async () => {
    const lab = withNics(nic(1, 'lan', { port: 1 }));

    expect(await words(lab, { lab })).toEqual([]);
    expect(await words(web({}), { lab, parts: { vms: [], switches: [] } })).toEqual([]);
  });

  test('moves NICs between ports and switches, adds them and takes them out', async () => {
    const lab = withNics(nic(1, 'lan', { port: 1 }), nic(2, 'lan', { port: 2 }), nic(3, 'lan', { port: 3 }));
    const file = withNics(nic(1, 'lan', { port: 2 }), nic(2, 'dmz', { port: 4 }), nic(4, 'lan', { port: 5 }));

    expect(await words(file, { lab })).toEqual([
      'hot: NIC 3 of web is taken out',
      'hot: NIC 1 of web: port of lan 1 → 2',
      'hot: NIC 2 of web: lan port 2 → dmz port 4',
      'hot: NIC 4 of web is added on lan port 5',
    ]);
  });

  test('plugs in what hangs nowhere, and believes the switch rather than QEMU', async () => {
    const lab = withNics(nic(1, 'lan', { port: 1 }));

    expect(await words(lab, { lab, one: new FakeVdeSwitch().port(1) })).toEqual([
      'hot: NIC 1 of web: is plugged into lan port 1',
    ]);
  });

  test('knows the port of a NIC that was moved before', async () => {
    const [vm] = withNics(nic(1, 'lan', { port: 1 })).vms;
    const moved = { number: 1, model: 'virtio-net-pci', address: `${run}/switch-lan[9]`, isPulled: true };
    const vms = [liveVm(vm!, { nics: [moved] })];
    const one = new FakeVdeSwitch().port(9, { endpoints: [`QEMU user=u pid=${vms[0]!.pid}`] });

    expect(await words(withNics(nic(1, 'lan', { port: 9 })), { lab: withNics(), vms, one })).toEqual([]);
  });

  test('throws nobody out of a port: who goes there waits, and who waits for that one too', async () => {
    const [a, b] = [1, 2].map(port => aVm(`vm${port}`, 30 + port, { nics: [nic(1, 'lan', { port: port + 1 })] }));
    const gone = aVm('gone', 40, { nics: [nic(1, 'lan', { port: 1 })] });
    const lab = aLab({ switches: [lan], vms: [gone, a!, b!] });
    const vms = [a!, b!].map((vm, at) => ({ ...vm, nics: [nic(1, 'lan', { port: at + 1 })] }));

    expect(await words(aLab({ switches: [lan], vms }), { lab })).toEqual([
      'manual: NIC 1 of vm1: port of lan 2 → 1, once lan port 1 is free',
      'manual: NIC 1 of vm2: port of lan 3 → 2, once lan port 2 is free',
      'manual: VM gone is not in the file any more: it stops',
    ]);
  });

  test('says what only counts after a restart, in one step for each VM', async () => {
    const before = web({ memory: '512M', nics: [nic(1, 'lan', { port: 1 })] });
    const after = web({
      ...{ memory: '1G', cpus: 2, kernel: '/boot/vmlinuz', vnc: true, extra: ['-S'] },
      ...{ disks: [{ file: 'a.img', format: 'raw', size: undefined }] },
      nics: [nic(1, 'lan', { port: 1, model: 'e1000' })],
    });

    expect(await words(after, { lab: before })).toEqual([
      'restart: web: RAM 512M → 1G, CPUs 1 → 2, disks none → a.img, kernel none → vmlinuz, display off → on, ' +
        'extra arguments of QEMU, NIC 1 model virtio-net-pci → e1000',
    ]);
  });

  test('says that cloud-init has read something else, and passes on what is said of images', async () => {
    const lab = web({});
    const images = { oldSeeds: new Set(['web']), remarks: ['web goes on.'] };

    expect(await plan(lab, { lab, images })).toMatchObject({
      steps: [{ kind: 'restart', words: 'web: what cloud-init reads' }],
      remarks: ['web goes on.'],
    });
  });

  test('tells switches of VLANs, and makes those that a port needs before', async () => {
    const lab = withNics(nic(1, 'lan', { port: 1 }));
    const file = {
      ...withNics(nic(1, 'lan', { port: 1, vlan: 20, tagged: [{ vlan: 30, addresses: [] }] })),
      switches: [{ ...lan, vlans: [7, 20, 30], ports: 40, stp: { priority: undefined } }, networkSwitch('dmz')],
    };
    const { steps } = await plan(file, { lab, one: plugged(lab).vlan(9) });

    expect(steps.map(step => step.words)).toEqual([
      'lan: ports 31 → 40',
      'lan: spanning tree off → on',
      'port 1 of lan (web NIC 1): untagged none → 20, tagged none → 30',
      'VLAN 7 of lan is made',
      'VLAN 9 of lan is removed',
    ]);
    expect(steps[2]!.action).toMatchObject({
      kind: 'tell',
      commands: [
        ...['vlan/create 20', 'vlan/create 30', 'port/setvlan 1 20', 'vlan/addport 30 1'].map(line => ({ line })),
      ],
    });
    expect(steps.every(isChosen)).toBe(true);
  });

  test('gives up ports of a switch only after they were removed', async () => {
    const lab = withNics(nic(1, 'lan', { port: 20 }));
    const file = { ...withNics(nic(1, 'lan', { port: 1 })), switches: [{ ...lan, ports: 10 }, networkSwitch('dmz')] };
    const { steps } = await plan(file, { lab });

    expect(steps[0]).toMatchObject({
      words: 'lan: ports 31 → 10',
      action: { kind: 'forget', commands: [{ line: 'port/remove 20' }, { line: 'port/setnumports 11' }] },
    });
  });

  test('starts a switch again for another uplink, and as root for another tap', async () => {
    const slirp = { port: 1, forward: [] };
    const uplinked = networkSwitch('lan', { slirp, network: '10.0.9.0/24' });
    const other = { ...uplinked, network: '10.0.8.0/24' };
    const one = new FakeVdeSwitch().port(1);
    const picture = await pictureOf(one);
    const it = {
      name: 'lan',
      socket: `${run}/switch-lan`,
      tap: undefined,
      picture,
      uplink: uplinkArguments(other, places),
    };
    const file = aLab({ switches: [uplinked] });
    const steps = async (parts: Partial<typeof it>): Promise<readonly string[]> =>
      words(file, { lab: file, one, parts: { switches: [{ ...it, ...parts }] } });

    expect(await steps({})).toEqual(['hot: lan: uplink: the switch restarts and plugs in again']);
    expect(await steps({ uplink: undefined })).toEqual(['hot: lan: the uplink starts']);
    expect(await steps({ uplink: uplinkArguments(uplinked, places) })).toEqual([]);
    expect(await steps({ tap: 'kvm0' as unknown as undefined })).toEqual(['restart: lan: host interface kvm0 → none']);
  });

  test('plugs in wires, moves and pulls them', async () => {
    const ends = (name: string, port: number) =>
      [`${run}/switch-lan`, `${run}/switch-${name}`].map(socket => ({ socket, port }));
    const file = aLab({ switches: [lan, networkSwitch('dmz')], wires: [wire('lan', 'dmz'), wire('lan', 'far')] });
    const old = [
      { name: 'lan-dmz', ends: ends('dmz', 30) },
      { name: 'lan-old', ends: ends('old', 29) },
    ];

    expect(await words(file, { lab: file, parts: { wires: old } })).toEqual([
      'hot: wire lan-old is pulled',
      'hot: wire lan-dmz moves: lan port 31 – dmz port 31',
      'hot: wire lan-far is plugged in: lan port 31 – far port 31',
    ]);
  });

  test('starts a switch that is down under its VMs, and leaves the plugs to it', async () => {
    const lab = withNics(nic(1, 'lan', { port: 1 }));

    expect(await words(lab, { lab, parts: { switches: [] } })).toEqual([
      'hot: switch lan is down: it starts and plugs in its VMs again',
    ]);
  });

  test('offers to start what is new and to stop what is gone, unasked neither', async () => {
    const lab = withNics();
    const file = { ...lab, switches: [lan, networkSwitch('new')], vms: [aVm('new', 50)] };
    const { steps } = await plan(file, { lab });

    expect(steps.map(step => step.words)).toEqual([
      'switch new is new: it starts',
      'VM web is not in the file any more: it stops',
      'VM new is new: it starts',
    ]);
    expect(steps.some(isChosen)).toBe(false);
  });

  test('says what did not answer instead of guessing', async () => {
    const lab = withNics(nic(1, 'lan', { port: 1 }));
    const mute = { name: 'lan', socket: `${run}/switch-lan`, tap: undefined, picture: undefined, uplink: undefined };
    const vms = [liveVm(lab.vms[0]!), liveVm(aVm('stuck', 32), { nics: undefined })];
    const file = { ...withNics(nic(1, 'lan', { port: 5 })), vms: [...lab.vms, aVm('stuck', 32)] };

    expect(await plan(file, { lab, vms, parts: { switches: [mute] } })).toMatchObject({
      steps: [],
      remarks: [
        'stuck does not answer, so its NICs were not compared.',
        'Switch lan does not answer, so its ports were not compared.',
      ],
    });
  });
});

describe('bad wires', () => {
  const faults: WireFaults = { ...perfectWire, there: { delay: { value: 20 } } };
  const file = (parts: Partial<Nic>): Lab => ({
    ...withNics(nic(1, 'lan', { port: 1, ...parts })),
    wires: [{ ...wire('lan', 'dmz'), faults }],
  });
  const ends = [
    { socket: `${run}/wire-web+1`, port: undefined },
    { socket: `${run}/switch-lan`, port: 1 },
  ];
  /** The NIC listens for its wirefilter, which has its port. */
  const filtered = (lab: Lab, now: WireFaults) => {
    const [card] = liveVm(lab.vms[0]!).nics!;
    const vms = [liveVm(lab.vms[0]!, { nics: [{ ...card!, address: `multi://${run}/wire-web+1` }] })];
    const nicWires = [{ name: 'web+1', ends, isFiltered: true }];
    return { lab, vms, parts: { nicWires, faults: new Map([['web+1', now]]) } };
  };

  test('are changed live, and a NIC behind its wirefilter is where it belongs', async () => {
    const lab = file({ faults });

    expect(await words({ ...lab, wires: [] }, filtered(lab, faults))).toEqual([]);
    expect(await words({ ...lab, wires: [] }, filtered(lab, perfectWire))).toEqual([
      'live: wire of NIC 1 of web: nothing wrong → web → lan: 20 ms',
    ]);
  });

  test('get a wirefilter where they have none, and are left alone if they do not tell', async () => {
    const lab = withNics(nic(1, 'lan', { port: 1 }));
    const told = { faults: new Map([['web+1', perfectWire]]) };

    expect(await words({ ...file({ faults }), wires: [] }, { lab, parts: told })).toEqual([
      'hot: wire of NIC 1 of web: nothing wrong → web → lan: 20 ms',
    ]);
    expect(await words({ ...file({ faults }), wires: [] }, { lab })).toEqual([]);
  });
});

describe('a wire that leaves the lab', () => {
  const out = (url: string): Lab => {
    const outside = readOutsideEnd(url);
    if (typeof outside === 'string') throw new Error(outside);
    const made = wire('lan', '', { name: 'out' });
    const far = { ...made.ends[1], switch: '', port: undefined, outside };
    return { ...withNics(), wires: [{ ...made, ends: [{ ...made.ends[0], port: 3 }, far] }] };
  };
  const ends = [{ socket: `${run}/switch-lan`, port: 3 }];
  const running = (outside: string) => ({ lab: out(ssh), parts: { wires: [{ name: 'out', ends, outside }] } });
  const ssh = 'ssh://me@other:2200/dmz/lan';

  test('stays as long as its file says where it leads, and moves when it says something else', async () => {
    expect(await words(out(ssh), running(ssh))).toEqual([]);
    expect(await words(out('ssh://me@third/dmz/lan'), running(ssh))).toEqual([
      'hot: wire out moves: lan port 3 – ssh://me@third/dmz/lan',
    ]);
    expect(await words(out('udp://127.0.0.1:1->b:2'), running(ssh))).toEqual([
      'hot: wire out moves: lan port 3 – udp://127.0.0.1:1->b:2',
    ]);
  });

  test('is plugged in when it is not there', async () => {
    expect(await words(out(ssh), { lab: out(ssh) })).toEqual(['hot: wire out is plugged in: lan port 3']);
  });
});

describe('a plan in words', () => {
  const one = withNics(nic(1, 'lan', { port: 1 }));

  test('counts what can be done now, what needs a restart, and what waits for the user', async () => {
    const file = { ...one, vms: [aVm('web', 31, { memory: '1G', nics: [nic(1, 'dmz', { port: 1 })] }), aVm('new', 9)] };
    const made = await plan(file, { lab: one });

    expect(summaryOf(made)).toBe('1 change can be applied to dmz while it runs, 1 needs a restart, 1 waits for you.');
    expect(summaryOf(await plan(one, { lab: one }))).toBe('What runs of dmz is as its file says.');
  });

  test('names its steps in an offer where they are few', async () => {
    const file = withNics(nic(1, 'dmz', { port: 1 }));

    expect(offerWords(await plan(file, { lab: one }))).toBe(
      'NIC 1 of web: lan port 1 → dmz port 1. 1 change can be applied to dmz while it runs.',
    );
  });
});

describe('a plan for a lab over several hosts', () => {
  const read = (b: string, more = ''): Lab =>
    readLab(
      `name: dmz\nhosts: { left: {} }\nswitches: { lan: {${more}} }\nvms:\n  a: { id: 1, nics: [{ switch: lan }] }\n  b: { id: 2, ${b}nics: [{ switch: lan }] }`,
    ).lab!;
  const joined = read('host: left, ');

  test('is about this host: what belongs to others is neither started nor missed, and that is said', async () => {
    const here = { lab: { ...joined, vms: joined.vms.slice(0, 1) }, parts: { wires: [liveJoin(joined)] } };

    expect(await plan(joined, here)).toMatchObject({ steps: [], remarks: ['What runs on left was not compared.'] });
  });

  test('a VM that the file gives to another host is offered to stop here, and its switch is joined', async () => {
    expect(await words(joined, { lab: read('') })).toEqual([
      'hot: wire lan@left is plugged in: lan port 31',
      'manual: VM b belongs to left: it stops here',
    ]);
  });

  test('a join to a host that the file has no more is pulled, and no uplink is missed that another host has', async () => {
    const alone = aLab({ switches: [lan], vms: [aVm('a', 1)] });
    const elsewhere = read('host: left, ', ' host: left, slirp: true ');

    expect(await words(alone, { lab: alone, parts: { wires: [liveJoin(joined)] } })).toEqual([
      'hot: wire lan@left is pulled',
    ]);
    expect(
      await words(elsewhere, {
        lab: { ...elsewhere, vms: elsewhere.vms.slice(0, 1) },
        parts: { wires: [liveJoin(elsewhere)] },
      }),
    ).toEqual([]);
  });
});

/** The join of a lab with the host left, as its keeper tells. */
function liveJoin({ wires }: Lab): LiveWire {
  const { name, ends } = wires.find(({ join }) => join === 'left')!;
  const [{ port }, { outside }] = ends;
  return { name, ends: [{ socket: `${run}/switch-lan`, port }], outside: outsideUrl(outside!) };
}
