import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { systemClock } from '../../extension/host/clock.ts';
import { TelnetDialer } from '../../extension/host/console-dialer.ts';
import { LogFile } from '../../extension/host/console-log.ts';
import { SocketShares } from '../../extension/host/console-share.ts';
import { serialPort } from '../../extension/lab/networks/addressing.ts';
import { vmFiles } from '../../extension/lab/layout.ts';
import { ConsoleSession } from '../../extension/runtime/console/console-session.ts';
import { TestQemus } from '../support/console-qemu.ts';
import { ConsoleSource } from '../support/console-source.ts';
import { freeIds } from '../support/free-ids.ts';
import { report } from './measure.ts';

const floodBytes = 50_000_000;
const guestLines = 40_000;
const guestBytes = guestLines * 9;

/** The same stream to Debian's telnet and to kvmlab konnect: from a guest, which is slow, and from something as fast as can be. */
export async function benchConsoles(): Promise<void> {
  const place = await Place.make();
  try {
    await place.guestFlood();
    await place.fastFlood();
    await place.windowFlood();
  } finally {
    place.dispose();
  }
}

/** A lab with one VM whose console the bench plays, or a QEMU. */
class Place {
  private readonly root = mkdtempSync(path.join(tmpdir(), 'kb-'));
  private readonly runRoot = path.join(this.root, 'run');
  private readonly run = path.join(this.runRoot, 'bench');
  private readonly log = path.join(this.run, vmFiles('vm').consoleLog);
  private readonly port: number;
  private readonly children = new Set<ChildProcess>();

  private constructor(id: number) {
    this.port = serialPort(id);
    mkdirSync(this.run, { recursive: true, mode: 0o700 });
    writeFileSync(path.join(this.root, 'bench.lab.yaml'), `vms: { vm: { id: ${id} } }\n`);
  }

  static async make(): Promise<Place> {
    const [id = 0] = await freeIds(1);
    return new Place(id);
  }

  async guestFlood(): Promise<void> {
    const qemus = new TestQemus();
    try {
      const guest = qemus.flood(this.port, guestLines, { run: this.run, name: 'vm' });
      while (guest.printed() !== 'R') await new Promise(resolve => setTimeout(resolve, 20));
      report(
        `A real guest prints ${guestBytes / 1000} kB on its serial port; the rival is telnet`,
        await this.both(guestBytes, 7),
      );
    } finally {
      await qemus.stop();
    }
  }

  async fastFlood(): Promise<void> {
    const source = await this.startSource();
    const figures = await this.both(floodBytes, 5);
    report('50 MB as fast as they are taken; the rival is telnet', figures);
    for (const [name, ms] of Object.entries(figures))
      console.log(`  ${name}: ${(floodBytes / ms / 1000).toFixed(0)} MB/s`);
    source.stop();
  }

  /** What a window of VS Code has of it: the session of a terminal, in this process. */
  async windowFlood(): Promise<void> {
    const source = await this.startSource();
    const options = { shares: new SocketShares(this.runRoot, 'bench'), log: new LogFile(this.log) };
    const session = new ConsoleSession(new TelnetDialer(), systemClock, this.port, options);
    let [shown, skipped] = [0, 0];
    session.onData(bytes => (shown += bytes.length));
    session.onDidLose(loss => (skipped += loss.kind === 'skipped' ? loss.bytes : 0));
    session.open();
    while (session.state.kind !== 'connected') await new Promise(resolve => setTimeout(resolve, 20));
    const [before, delay] = [process.memoryUsage.rss(), monitorEventLoopDelay({ resolution: 5 })];
    const logBefore = statSync(this.log).size;
    let highest = before;
    const look = setInterval(() => (highest = Math.max(highest, process.memoryUsage.rss())), 5);
    delay.enable();
    session.write(Uint8Array.of(0x78));
    while (shown + skipped < floodBytes) await new Promise(resolve => setTimeout(resolve, 20));
    clearInterval(look);
    session.dispose();
    source.stop();
    const kept = statSync(this.log).size - logBefore;
    console.log('\nThe session of a terminal while 50 MB come');
    console.log(
      `  memory grew by ${megabytes(highest - before)}, the longest pause was ${(delay.max / 1e6).toFixed(0)} ms`,
    );
    console.log(`  shown ${megabytes(shown)}, skipped ${megabytes(skipped)}, in the log ${megabytes(kept)}`);
  }

  dispose(): void {
    for (const child of this.children) child.kill('SIGKILL');
    rmSync(this.root, { recursive: true, force: true });
  }

  private both(bytes: number, rounds: number) {
    const telnet = () => this.receive(bytes, 'telnet', '127.0.0.1', String(this.port));
    const konnect = () => this.receive(bytes, process.execPath, path.resolve('dist/cli.js'), 'konnect', 'vm');
    return raceOf({ telnet, 'kvmlab konnect': konnect }, rounds);
  }

  /** From the key that starts the flood to the last byte on the client's standard output; its own start is not counted. */
  private async receive(bytes: number, program: string, ...args: readonly string[]): Promise<number> {
    const env = { ...process.env, KVMLAB_RUN_ROOT: this.runRoot };
    const child = spawn(program, args, { cwd: this.root, env, stdio: ['pipe', 'pipe', 'pipe'] });
    this.children.add(child);
    const greeting = program === 'telnet' ? child.stdout : child.stderr;
    for await (const piece of greeting.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>)
      if (/Escape character|connected to/.test(piece.toString())) break;
    let count = 0;
    const begin = performance.now();
    const all = new Promise<number>(resolve => {
      child.stdout.on('data', (piece: Buffer) => {
        count += piece.length;
        if (count >= bytes) resolve(performance.now() - begin);
      });
    });
    child.stdin.write('x');
    const ended = once(child, 'exit');
    const ms = await Promise.race([
      all,
      ended.then(() => Promise.reject(new Error(`${program} ended before the flood did.`))),
    ]);
    this.end(child);
    await ended;
    return ms;
  }

  private startSource(): Promise<ConsoleSource> {
    return ConsoleSource.start({ port: this.port, log: this.log, bytes: floodBytes });
  }

  private end(child: ChildProcess): void {
    child.kill('SIGKILL');
    this.children.delete(child);
  }
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** As `race`, for contestants that measure themselves. */
async function raceOf(contestants: Readonly<Record<string, () => Promise<number>>>, rounds: number) {
  const times = new Map<string, number[]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, run] of Object.entries(contestants)) times.set(name, [...(times.get(name) ?? []), await run()]);
  }
  return Object.fromEntries([...times].map(([name, all]) => [name, all.sort((a, b) => a - b)[all.length >> 1] ?? 0]));
}
