import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Lab } from '../../extension/lab/model.ts';
import { renderLab } from '../../extension/script/render-lab.ts';
import { commandLine, endAndRemove, processesThatMention } from './own-processes.ts';
import { until } from './vscode/until.ts';

export interface ScriptRun {
  readonly code: number;
  readonly output: string;
}

/** The real scripts of a lab in a folder of their own, with a run-time folder of their own. Disposing ends all it started. */
export class ScriptLab {
  readonly root = mkdtempSync(path.join(tmpdir(), 'kl-'));
  readonly runRoot = path.join(this.root, 'run');
  readonly folder: string;
  readonly run: string;
  readonly lab: Lab;

  constructor(lab: Lab, folder = 'labs') {
    this.lab = lab;
    this.folder = path.join(this.root, folder, lab.name);
    this.run = path.join(this.runRoot, lab.name);
    this.writeScripts(lab);
  }

  writeScripts(lab: Lab): void {
    mkdirSync(this.folder, { recursive: true });
    for (const { name, text } of renderLab(lab, { source: `${lab.name}.lab.yaml`, base: '..' })) {
      writeFileSync(path.join(this.folder, name), text, { mode: 0o755 });
    }
  }

  /** Runs one of the scripts to its end. */
  script(name: string, ...words: readonly string[]): Promise<ScriptRun> {
    return this.spawn(name, ...words).done;
  }

  /** Begins one of the scripts in a process group of its own, so that a test can end it at any moment. */
  spawn(name: string, ...words: readonly string[]): { readonly pid: number; readonly done: Promise<ScriptRun> } {
    const child = spawn(path.join(this.folder, name), words, {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      env: { ...process.env, KVMLAB_RUN_ROOT: this.runRoot, KVMLAB_ACCEL: 'tcg', STOP_SECONDS: '1' },
    });
    let output = '';
    child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()));
    child.stderr.on('data', (bytes: Buffer) => (output += bytes.toString()));
    const done = new Promise<ScriptRun>(resolve => {
      const end = () => resolve({ code: child.exitCode ?? -1, output });
      // What it printed may come after its end. A child that was left behind by a kill may hold the pipe for longer.
      child.on('close', end).on('exit', () => setTimeout(end, 3000).unref());
    });
    return { pid: child.pid!, done };
  }

  /** Pids of all live processes that mention this lab's run-time folder, and a thing in it. */
  processes(thing = ''): readonly number[] {
    return processesThatMention(this.run).filter(pid => commandLine(pid).includes(thing));
  }

  /** The process of a pid file. */
  pid(file: string): number {
    return Number(readFileSync(path.join(this.run, file), 'utf8'));
  }

  /** As `kill -9` of the process of a pid file; over when it is gone. */
  async kill(file: string): Promise<void> {
    const pid = this.pid(file);
    process.kill(pid, 'SIGKILL');
    await until(`process ${pid} to be gone`, () => Promise.resolve(!this.isAlive(pid)), { intervalMs: 10 });
  }

  isAlive(pid: number): boolean {
    return commandLine(pid) !== '';
  }

  dispose(): void {
    endAndRemove(this.root);
  }
}
