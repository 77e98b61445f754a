import { execFile } from 'node:child_process';
import { modelQuestions, readModels, type QemuModels } from '../qemu/models.ts';
import type { QemuPrograms } from '../runtime/host.ts';

/** Asks the installed QEMU once what it has; while there is none, again each time, as it may be installed meanwhile. */
export class InstalledQemu implements QemuPrograms {
  private readonly program: string;
  private answer: Promise<QemuModels | undefined> | undefined;

  constructor(program = 'qemu-system-x86_64') {
    this.program = program;
  }

  async models(): Promise<QemuModels | undefined> {
    this.answer ??= this.ask();
    const models = await this.answer;
    if (!models) this.answer = undefined;
    return models;
  }

  private async ask(): Promise<QemuModels | undefined> {
    const [machines, cpus, devices] = await Promise.all(modelQuestions.map(question => this.run(question)));
    if (machines === undefined || cpus === undefined || devices === undefined) return undefined;
    return readModels([machines, cpus, devices]);
  }

  /** Undefined: it is not there, or it does not answer. */
  private run(args: readonly string[]): Promise<string | undefined> {
    return new Promise(resolve => {
      execFile(this.program, args, { timeout: 10_000 }, (error, stdout) => resolve(error ? undefined : stdout));
    });
  }
}
