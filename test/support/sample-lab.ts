import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { freeIds, freeRow } from './free-ids.ts';
import { GuestConsole } from './guest-console.ts';
import { endAndRemove } from './own-processes.ts';
import type { ScriptRun } from './script-lab.ts';
import { tinyGuestDir } from './tiny-guest.ts';

const project = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** A sample lab in a folder of its own, with free IDs and the tiny guest beside it, driven by the built `kvmlab`. */
export class SampleLab {
  readonly root = mkdtempSync(path.join(tmpdir(), 'kl-'));
  readonly file: string;
  /** VM name → ID. */
  readonly ids = new Map<string, number>();
  readonly environment: NodeJS.ProcessEnv;
  private readonly consoles: GuestConsole[] = [];

  private constructor(name: string) {
    mkdirSync(path.join(this.root, 'w'));
    this.file = path.join(this.root, 'w', `${name}.lab.yaml`);
    this.environment = {
      ...process.env,
      KVMLAB_RUN_ROOT: path.join(this.root, 'r'),
      KVMLAB_ACCEL: 'tcg',
      HOME: this.root,
      // A guest sees the power button only once it has booted, which takes long on a busy machine.
      STOP_SECONDS: '240',
    };
  }

  static async open(name: string): Promise<SampleLab> {
    const lab = new SampleLab(name);
    const folder = path.join(project, 'extension/samples', name);
    for (const file of readdirSync(folder)) copyFileSync(path.join(folder, file), path.join(lab.root, 'w', file));
    const text = readFileSync(lab.file, 'utf8');
    const entries = [...text.matchAll(/^ {2}(\w+):\n {4}id: \d+(?:\n {4}count: (\d+))?/gm)];
    // The VMs of a row take the IDs behind its own.
    const sizes = entries.map(([, , count]) => Number(count ?? 1));
    const ids = await Promise.all(sizes.map(size => (size === 1 ? freeIds(1) : freeRow(size))));
    entries.forEach(([, vm = '', count], at) => {
      ids[at]?.forEach((id, index) => lab.ids.set(count === undefined ? vm : `${vm}-${index + 1}`, id));
    });
    let at = 0;
    writeFileSync(
      lab.file,
      text.replace(/^( {4}id: )\d+/gm, (_whole, key: string) => `${key}${ids[at++]?.[0]}`),
    );
    symlinkSync(await tinyGuestDir(), path.join(path.dirname(lab.file), 'guest'));
    return lab;
  }

  kvmlab(...words: readonly string[]): Promise<ScriptRun> {
    return this.begin(...words).done;
  }

  /** Begins a command that a test wants to end before it is done. */
  begin(...words: readonly string[]): { readonly pid: number; readonly done: Promise<ScriptRun> } {
    const child = spawn(process.execPath, [path.join(project, 'dist/cli.js'), ...words], {
      stdio: ['ignore', 'pipe', 'pipe'],
      cwd: path.dirname(this.file),
      env: this.environment,
    });
    let output = '';
    child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()));
    child.stderr.on('data', (bytes: Buffer) => (output += bytes.toString()));
    const done = new Promise<ScriptRun>(resolve => child.on('close', code => resolve({ code: code ?? -1, output })));
    return { pid: child.pid!, done };
  }

  /** The shell of a VM's tiny guest, once it has booted. */
  async console(vm: string): Promise<GuestConsole> {
    const port = 10_000 + (this.ids.get(vm) ?? 0);
    const guest = await GuestConsole.open(port);
    this.consoles.push(guest);
    guest.type('\r');
    await guest.waitFor(new RegExp(`${vm}:~# `), 120_000);
    return guest;
  }

  /** Ends everything, whatever state it is in. */
  dispose(): void {
    for (const guest of this.consoles) guest.close();
    endAndRemove(this.root);
  }
}
