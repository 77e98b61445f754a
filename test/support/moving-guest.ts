import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Lab } from '../../extension/lab/model.ts';
import { freeIds } from './free-ids.ts';
import { GuestConsole } from './guest-console.ts';
import { lab as aLab, networkSwitch, nic, vm } from './lab-builder.ts';
import { commandLine, endAndRemove, processesThatMention } from './own-processes.ts';
import { ScriptLab } from './script-lab.ts';
import { SshHost, type SshPlace } from './ssh-host.ts';
import { tinyGuestDir } from './tiny-guest.ts';
import { until } from './vscode/until.ts';

export type HostName = 'left' | 'right';
type Both<Value> = Readonly<Record<HostName, Value>>;

/** `left  000000012\n`. */
const recordBytes = 16;
const joinPort = 30;
const pingSeconds = 0.02;
const other = { left: 'right', right: 'left' } as const;

/**
 * A tiny guest `fw` that goes from host to host, each with an sshd, scripts and run-time folders of its own. It writes to
 * its disk who runs it (the serial number of the disk, which QEMU tells at that moment) with a number that grows, while it
 * fills its memory as fast as it can. `pc`, which stays on the left host, where this process has to be, pings it.
 */
export class MovingGuest {
  private readonly shared: string;
  private readonly labs: Both<ScriptLab>;
  private readonly ssh: Both<SshHost>;
  private readonly pcId: number;
  private at: HostName = 'left';
  private wire: ChildProcess | undefined;
  private readonly consoles: GuestConsole[] = [];
  private pings = { sent: 0, answered: 0, twice: 0, lines: 0 };

  private constructor(shared: string, pcId: number, labs: Both<ScriptLab>, ssh: Both<SshHost>) {
    this.shared = shared;
    this.pcId = pcId;
    this.labs = labs;
    this.ssh = ssh;
  }

  static async make(places: Both<SshPlace>): Promise<MovingGuest> {
    const guest = await tinyGuestDir();
    const shared = mkdtempSync(path.join(tmpdir(), 'klm-'));
    mkdirSync(path.join(shared, 'locks'));
    const file = openSync(path.join(shared, 'fw.img'), 'w');
    ftruncateSync(file, 4 << 20);
    closeSync(file);
    const [fw = 0, pc = 0] = await freeIds(2);
    const scripts = (host: HostName): ScriptLab => new ScriptLab(labOf(host, { shared, guest, fw, pc }));
    const labs = { left: scripts('left'), right: scripts('right') };
    const ssh = {
      left: await SshHost.start(labs.left.runRoot, places.left),
      right: await SshHost.start(labs.right.runRoot, places.right),
    };
    return new MovingGuest(shared, pc, labs, ssh);
  }

  /** Both switches and a wire between them, both VMs, the writing and the pinging. */
  async start(): Promise<void> {
    const { left, right } = this.labs;
    await this.script('right', 'switch-lan.sh', 'start');
    await this.script('left', 'switch-lan.sh', 'start');
    const plugs = [left, right].map(({ run }) => `${run}/switch-lan[${joinPort}]`);
    this.wire = spawn('vde_plug', plugs, { stdio: 'ignore' });
    for (const name of ['pc', 'fw']) await this.script('left', `${name}.sh`, 'start');
    const fw = await this.console('fw', left.lab.vms[0]!.id!);
    await fw.run("sh -c 'while :; do dd if=/dev/zero of=/tmp/load bs=64k count=64 2>/dev/null; sync; done &'");
    await fw.run(`sh -c '${writing} >/dev/vda &'`);
    fw.close();
    const pc = await this.console('pc', this.pcId);
    await pc.run(
      `sh -c 'ping -i ${pingSeconds} 10.9.0.1 >/tmp/pings &'; until grep -q seq= /tmp/pings; do sleep 0.1; done`,
    );
    await until('writes on the disk', () => Promise.resolve(this.writes().length > 5));
  }

  /** To the other host; gives for how many milliseconds it stood still. Over when it writes there. */
  async move(): Promise<number> {
    const to = other[this.at];
    const output = await this.script(this.at, 'fw.sh', 'migrate', '--ssh', 'other', '--scripts', this.labs[to].folder);
    const [, stoodMs] = /stood still for (\d+) ms/.exec(output) ?? [];
    if (stoodMs === undefined) throw new Error(output);
    this.at = to;
    const qemus = [this.qemus('left'), this.qemus('right')].join(' and ');
    if (qemus !== (to === 'left' ? '1 and 0' : '0 and 1')) throw new Error(`QEMUs of fw left and right: ${qemus}`);
    const before = this.writes().length;
    await until(`fw to write at ${to}`, () => Promise.resolve(this.writes().length > before + 3));
    return Number(stoodMs);
  }

  /** Milliseconds of the longest time without an answer to a ping since the last time that this was asked. */
  async longestGapMs(): Promise<number> {
    const { output } = await this.consoles[1]!.run(`awk -F '[= ]' -v from=${this.pings.lines} '${summary}' /tmp/pings`);
    const [answered = 0, twice = 0, last = 0, lines = 0, gapMs = 0] = output.split(' ').map(Number);
    this.pings = { sent: last + 1, answered, twice, lines };
    return gapMs;
  }

  /** Of all pings so far that were asked about. */
  get pingCounts(): { readonly sent: number; readonly lost: number; readonly twice: number } {
    const { sent, answered, twice } = this.pings;
    return { sent, lost: sent - answered, twice };
  }

  /** Throws if a write is missing or was made twice, or if who ran it changed more or less often than it was moved. */
  checkWrites(moves: number): number {
    const writes = this.writes();
    const wrong = writes.findIndex(({ number }, at) => number !== at + 1);
    if (wrong >= 0) throw new Error(`Write ${wrong + 1} is number ${writes[wrong]?.number ?? 0}.`);
    const hosts = writes.map(({ host }) => host).filter((host, at, all) => host !== all[at - 1]);
    const expected = Array.from({ length: moves + 1 }, (_, at) => (at % 2 === 0 ? 'left' : 'right'));
    if (hosts.join(' ') !== expected.join(' ')) throw new Error(`It wrote at ${hosts.join(', ')}.`);
    return writes.length;
  }

  dispose(): void {
    this.wire?.kill('SIGKILL');
    for (const guest of this.consoles) guest.close();
    for (const host of ['left', 'right'] as const) {
      this.ssh[host].dispose();
      this.labs[host].dispose();
    }
    endAndRemove(this.shared);
  }

  private writes(): readonly { readonly host: string; readonly number: number }[] {
    const text = readFileSync(path.join(this.shared, 'fw.img'), 'latin1');
    const end = text.indexOf('\0');
    const whole = text.slice(0, end - (end % recordBytes));
    return Array.from({ length: whole.length / recordBytes }, (_, at) => {
      const [host = '', number] = whole.slice(at * recordBytes, (at + 1) * recordBytes).split(/ +/);
      return { host, number: Number(number) };
    });
  }

  private qemus(host: HostName): number {
    const pids = processesThatMention(path.join(this.labs[host].run, 'fw.pid'));
    return pids.filter(pid => commandLine(pid).startsWith('qemu-system')).length;
  }

  /** Runs a script on its host, over ssh as anybody would; gives what it printed, or throws it. */
  private async script(host: HostName, name: string, ...words: readonly string[]): Promise<string> {
    const programs = `PATH=${this.ssh[other[host]].programs()}:${process.env['PATH'] ?? ''}`;
    const script = path.join(this.labs[host].folder, name);
    const args = ['-F', this.ssh[host].config, 'other', 'env', programs, 'KVMLAB_ACCEL=tcg', script, ...words];
    const child = spawn('ssh', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()));
    child.stderr.on('data', (bytes: Buffer) => (output += bytes.toString()));
    const code = await new Promise(done => child.once('close', done));
    if (code !== 0) throw new Error(`${name} ${words.join(' ')} at ${host} ended with ${String(code)}: ${output}`);
    return output;
  }

  private async console(name: string, id: number): Promise<GuestConsole> {
    const guest = await GuestConsole.open(10_000 + id);
    this.consoles.push(guest);
    guest.type('\r');
    await guest.waitFor(new RegExp(`${name}:~# `));
    return guest;
  }
}

interface LabFacts {
  readonly shared: string;
  /** The folder of the tiny guest. */
  readonly guest: string;
  readonly fw: number;
  readonly pc: number;
}

/** The same VMs with the same IDs on both hosts; only what the disk calls itself tells the hosts apart. */
function labOf(host: HostName, { shared, guest, fw, pc }: LabFacts): Lab {
  const tiny = (name: string, number: number) => ({
    memory: '96M',
    kernel: `${guest}/vmlinuz`,
    initrd: `${guest}/initrd`,
    append: `console=ttyS0 quiet no_timer_check lab.name=${name} lab.nics=1 lab.eth0=10.9.0.${number}/24`,
    nics: [nic(1, 'lan', { port: number, mac: `52:54:00:4d:0${number}:01` })],
  });
  const disks = [{ file: path.join(shared, 'fw.img'), format: 'raw', size: undefined } as const];
  return aLab({
    name: 'moves',
    locks: path.join(shared, 'locks'),
    switches: [networkSwitch('lan')],
    vms: [
      vm('fw', fw, { ...tiny('fw', 1), disks, extra: ['-global', `virtio-blk-pci.serial=${host}`] }),
      vm('pc', pc, tiny('pc', 2)),
    ],
  });
}

const writing = `n=0; while :; do n=$((n+1)); read -r host </sys/block/vda/serial; printf "%-5s %09d\\n" $host $n; sleep 0.02; done`;

/** Of lines of busybox ping: answers, doubles, the last number, lines, and the longest time between two answers from a line on. */
const summary =
  `/DUP/ { twice++; next } /seq=/ { at = $6 * ${pingSeconds * 1000} + $10; answers++; ` +
  `if (before && NR > from && at - before > gap) gap = at - before; before = at; if ($6 > last) last = $6 } ` +
  `END { print answers + 0, twice + 0, last + 0, NR, gap + 0 }`;
