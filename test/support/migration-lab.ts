import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { freeIds } from './free-ids.ts';
import { GuestConsole } from './guest-console.ts';
import { lab as aLab, networkSwitch, nic, vm } from './lab-builder.ts';
import { commandLine, processesThatMention } from './own-processes.ts';
import { ScriptLab, type ScriptRun } from './script-lab.ts';
import { tinyGuestDir } from './tiny-guest.ts';
import { until } from './vscode/until.ts';

/** Where a VM can be: a root of run-time folders, with an ID of its own, as both are on one host. */
export interface Side {
  readonly root: string;
  readonly id: number;
}

/** The fixed length of a record of the guest's sequence on its disk. */
const recordBytes = 16;
const joinPort = 30;

/**
 * A VM `fw` that can be in either of two run-time roots, and a VM `pc` that stays in the first, their switches joined by a
 * wire. fw counts on its disk, and pc pings it all the time: a number that is missing on the disk was lost, a ping that is
 * answered twice was answered by two VMs.
 */
export class MigrationLab {
  readonly scripts: ScriptLab;
  readonly here: Side;
  readonly there: Side;
  readonly disk: string;
  private readonly pcId: number;
  private readonly consoles: GuestConsole[] = [];
  private wire: ChildProcess | undefined;

  private constructor([a, b, c]: readonly [number, number, number], locks: string | undefined) {
    const guest = { isTinyGuest: true, memory: '96M' } as const;
    const port = (number: number, last: number) =>
      nic(1, 'lan', {
        ...{ port: number, mac: `52:54:00:4d:00:0${number}`, addresses: [`10.9.0.${last}/24`] },
      });
    this.scripts = new ScriptLab(
      aLab({
        name: 'moves',
        switches: [networkSwitch('lan')],
        vms: [
          vm('fw', a, {
            ...guest,
            disks: [{ file: '../fw.img', format: 'raw', size: undefined }],
            nics: [port(1, 1)],
          }),
          vm('pc', c, { ...guest, nics: [port(2, 2)] }),
        ],
        ...(locks === undefined ? {} : { locks }),
      }),
    );
    this.here = { root: this.scripts.runRoot, id: a };
    this.there = { root: path.join(this.scripts.root, 'there'), id: b };
    this.pcId = c;
    this.disk = path.join(this.scripts.root, 'fw.img');
    const file = openSync(this.disk, 'w');
    ftruncateSync(file, 4 << 20);
    closeSync(file);
  }

  static async make(locks?: string): Promise<MigrationLab> {
    const [a = 0, b = 0, c = 0] = await freeIds(3);
    const lab = new MigrationLab([a, b, c], locks);
    symlinkSync(await tinyGuestDir(), path.join(path.dirname(lab.scripts.folder), 'guest'));
    return lab;
  }

  /** What the scripts have written down at a side of a migration that is under way. */
  journalOf(side: Side): string {
    try {
      return readFileSync(path.join(this.run(side), 'fw.migrating'), 'utf8');
    } catch {
      return '';
    }
  }

  run(side: Side): string {
    return path.join(side.root, this.scripts.lab.name);
  }

  other(side: Side): Side {
    return side === this.here ? this.there : this.here;
  }

  /** Runs a verb of fw's script at a side. */
  fw(side: Side, ...words: readonly string[]): Promise<ScriptRun> {
    return this.scripts.script('fw.sh', `RUN_ROOT=${side.root}`, `ID=${side.id}`, ...words);
  }

  /** The words behind `fw.sh` that migrate it from a side to the other. */
  migrateWords(from: Side, ...more: readonly string[]): readonly string[] {
    const to = this.other(from);
    return [`RUN_ROOT=${from.root}`, 'migrate', '--run-root', to.root, `ID=${to.id}`, ...more];
  }

  migrate(from: Side): Promise<ScriptRun> {
    return this.scripts.script('fw.sh', ...this.migrateWords(from));
  }

  /**
   * Begins to migrate fw from a side, and kills what does it at a moment: when its journal says this step, or (`lock`) when
   * the lock has passed over and the journal does not say so yet. Over when it is dead; gives the signal that it died of.
   */
  async migrateUntilKilled(from: Side, at: string): Promise<NodeJS.Signals | null> {
    const bin = path.join(this.scripts.root, 'bin');
    mkdirSync(bin, { recursive: true });
    const mv = execFileSync('bash', ['-c', 'type -P mv'], { encoding: 'utf8' }).trim();
    writeFileSync(path.join(bin, 'mv'), deadlyMv(mv), { mode: 0o755 });
    return this.migrateToTheDeath(from, { PATH: `${bin}:${process.env['PATH'] ?? ''}`, KILL_AT: at });
  }

  /** The same, before the first command of the scripts that begins with these words. */
  async migrateUntilKilledBefore(from: Side, command: string): Promise<NodeJS.Signals | null> {
    const hook = path.join(this.scripts.root, 'hook.sh');
    writeFileSync(hook, `set -o functrace\ntrap '[[ $BASH_COMMAND != "$KILL_AT"* ]] || kill -9 $$' DEBUG\n`);
    return this.migrateToTheDeath(from, { BASH_ENV: hook, KILL_AT: command });
  }

  private async migrateToTheDeath(from: Side, env: NodeJS.ProcessEnv): Promise<NodeJS.Signals | null> {
    const engine = spawn(path.join(this.scripts.folder, 'fw.sh'), this.migrateWords(from), {
      env: { ...process.env, KVMLAB_ACCEL: 'tcg', ...env },
      stdio: 'ignore',
    });
    await once(engine, 'exit');
    return engine.signalCode;
  }

  /** Both switches and the wire between them, then both VMs, then the counting. */
  async start(): Promise<void> {
    for (const { root } of [this.here, this.there])
      await this.must(this.scripts.script('switch-lan.sh', `RUN_ROOT=${root}`, 'start'));
    const plug = (side: Side): string => `${path.join(this.run(side), 'switch-lan')}[${joinPort}]`;
    this.wire = spawn('vde_plug', [plug(this.here), plug(this.there)], { stdio: ['ignore', 'ignore', 'ignore'] });
    await this.must(this.scripts.script('pc.sh', 'start'));
    await this.must(this.fw(this.here, 'start'));
  }

  private async must(run: Promise<ScriptRun>): Promise<void> {
    const { code, output } = await run;
    if (code !== 0) throw new Error(output);
  }

  async console(id: number, name: string): Promise<GuestConsole> {
    const guest = await GuestConsole.open(10_000 + id);
    this.consoles.push(guest);
    guest.type('\r');
    await guest.waitFor(new RegExp(`${name}:~# `), 120_000);
    return guest;
  }

  readonly pc = (): Promise<GuestConsole> => this.console(this.pcId, 'pc');

  /** From now on fw counts, while it writes into its memory as fast as it can, and pc pings it ten times a second. */
  async count(pc: GuestConsole): Promise<void> {
    const fw = await this.console(this.here.id, 'fw');
    const loop = `n=0; while :; do n=$((n+1)); printf "%0${recordBytes - 1}d\\n" $n; sleep 0.02; done`;
    await fw.run("sh -c 'while :; do dd if=/dev/zero of=/tmp/load bs=64k count=64 2>/dev/null; sync; done &'");
    await fw.run(`sh -c '${loop} >/dev/vda &'`);
    await until('numbers on the disk', () => Promise.resolve(this.numbers().length > 5));
    fw.close();
    await pc.run("sh -c 'ping -i 0.1 10.9.0.1 >/tmp/pings &'; while ! grep -q seq= /tmp/pings; do sleep 0.1; done");
  }

  /** What became of the pings so far. */
  async pings(pc: GuestConsole): Promise<{ readonly sent: number; readonly lost: number; readonly twice: number }> {
    const { output } = await pc.run(
      "cp /tmp/pings /tmp/p; grep -c seq= /tmp/p; grep -c DUP /tmp/p; tail -n 2 /tmp/p | sed -n 's/.*seq=\\([0-9]*\\).*/\\1/p'",
    );
    const [answers = 0, twice = 0, last = 0] = output.split('\n').map(Number);
    return { sent: last + 1, lost: last + 1 - (answers - twice), twice };
  }

  /** The numbers on the disk, in their places. */
  numbers(): readonly number[] {
    const text = readFileSync(this.disk, 'latin1');
    const end = text.indexOf('\0');
    const records = text.slice(0, end < 0 ? undefined : end - (end % recordBytes));
    return Array.from({ length: records.length / recordBytes }, (_, at) =>
      Number(records.slice(at * recordBytes, (at + 1) * recordBytes)),
    );
  }

  /** Waits until fw counts on, whoever runs it. */
  async countsOn(): Promise<void> {
    const before = this.numbers().length;
    await until('fw to count on', () => Promise.resolve(this.numbers().length > before + 3));
  }

  /** QEMUs of fw at a side. */
  processes(side: Side): readonly number[] {
    const pidFile = path.join(this.run(side), 'fw.pid');
    return processesThatMention(pidFile).filter(pid => commandLine(pid).startsWith('qemu-system'));
  }

  /** What QEMU at a side says that fw does; undefined: it has none. */
  state(side: Side): string | undefined {
    const socket = path.join(this.run(side), 'fw.qmp');
    if (this.processes(side).length === 0 || !existsSync(socket)) return undefined;
    const dialogue = `TIMEOUT 10000\n1 IN '"oob"]}}' 9\n2 SEND '{"execute":"qmp_capabilities"}\\n{"execute":"query-status"}\\n'\n3 IN '"running": ' 9\n4 COPY\n5 EXIT 0\n9 EXIT 1\n`;
    const answer = execFileSync(
      'bash',
      ['-c', 'unixcmd -s "$1" -f <(printf %s "$2") x | tr -d "\\0"', 'ask', socket, dialogue],
      { encoding: 'utf8' },
    );
    return /"status": "([\w-]+)"/.exec(answer)?.[1];
  }

  dispose(): void {
    this.wire?.kill('SIGKILL');
    for (const guest of this.consoles) guest.close();
    this.scripts.dispose();
  }
}

/** As mv, but it kills who has called it: a journal is written by renaming, and so is a lock. */
const deadlyMv = (mv: string): string => `#!/bin/sh
${mv} "$@" || exit
for last; do :; done
case $last in
  */fw.migrating) grep -qx role=sender "$last" && grep -qx "step=$KILL_AT" "$last" && kill -9 $PPID ;;
  */state.*) [ "$KILL_AT" = lock ] && kill -9 $PPID ;;
esac
exit 0
`;
