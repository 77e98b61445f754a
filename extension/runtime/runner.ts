import { UserError } from '../base/user-error.ts';
import type { Lab, LabReading } from '../lab/model.ts';
import type { Files, ScriptRunner } from './host.ts';
import { phasesOf, scriptOf, type Phase } from './lab-things.ts';
import type { LabControl, Outcome, RunOptions, Verb } from './lab-control.ts';
import { folderOf } from './paths.ts';
import { scriptFolder } from './lab-identity.ts';
import type { WriteOptions } from './script-writer.ts';
import type { ThingRef } from './state.ts';
import type { LabStore } from './store.ts';

export interface RunnerParts {
  readonly files: Files;
  readonly scripts: ScriptRunner;
  readonly store: LabStore;
  /** Reads a lab file with all checks. Rejects with a UserError if it is not there. */
  readonly readLab: (labPath: string) => Promise<LabReading>;
  /** Looks at what runs, so that the state is true before a task ends. */
  readonly observe: () => Promise<void>;
}

/** Scripts that run at the same time: starting a VM is cheap for us, but the host has to boot them all. */
const atOnce = 8;

/** Runs the verbs of the scripts, in order and several at once, and tells the store what is going on. */
export class LabRunner implements LabControl {
  private readonly parts: RunnerParts;

  constructor(parts: RunnerParts) {
    this.parts = parts;
  }

  async generate(labPath: string, options?: WriteOptions): Promise<readonly string[]> {
    return this.writeScripts(labPath, await this.readGoodLab(labPath), options);
  }

  async run(verb: Verb, things: readonly ThingRef[], options: RunOptions = {}): Promise<readonly Outcome[]> {
    const labs = new Map<string, Lab>();
    for (const path of new Set(things.map(({ lab }) => lab))) labs.set(path, await this.prepare(verb, path));
    const phases = phasesOf(verb, things, labs);
    const total = phases.reduce((sum, phase) => sum + phase.things.length, 0);
    const outcomes: Outcome[] = [];
    for (const phase of phases) {
      await inParallel(phase.things, async thing => {
        options.onProgress?.({ thing, outcome: undefined, finished: outcomes.length, total });
        const outcome = await this.runOne(phase, thing, labs.get(thing.lab), options);
        outcomes.push(outcome);
        options.onProgress?.({ thing, outcome, finished: outcomes.length, total });
      });
    }
    return outcomes;
  }

  /** To start, the scripts must be those of the lab file. To stop, the ones that are there will do: the file may be half-typed. */
  private async prepare(verb: Verb, labPath: string): Promise<Lab> {
    if (verb === 'start' || verb === 'restart') {
      const lab = await this.readGoodLab(labPath);
      await this.writeScripts(labPath, lab);
      return lab;
    }
    const lab = this.parts.store.lab(labPath)?.lab ?? (await this.parts.readLab(labPath)).lab;
    if (!lab)
      throw new UserError(
        `${labPath} cannot be read as a lab, so nothing of it can be stopped by name. Look at This Host.`,
      );
    return lab;
  }

  /** What writes is loaded with the first script that is written. */
  private async writeScripts(labPath: string, lab: Lab, options?: WriteOptions): Promise<readonly string[]> {
    const { writeScripts } = await import('./script-writer.ts');
    const written = await writeScripts(this.parts.files, labPath, lab, options);
    if (lab.vms.some(vm => vm.cloudInit)) {
      const { writeSeeds } = await import('./images/seed-writer.ts');
      await writeSeeds(this.parts.files, labPath, lab);
    }
    return written;
  }

  private async readGoodLab(labPath: string): Promise<Lab> {
    const { lab, problems } = await this.parts.readLab(labPath);
    const errors = problems.filter(({ severity }) => severity === 'error');
    if (lab && errors.length === 0) return lab;
    const [first] = errors;
    const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
    throw new UserError(
      `${labPath} has errors: ${first?.message ?? 'it is not a lab.'}${more} Nothing was started or written.`,
      [{ title: 'Show Problems', command: 'workbench.actions.view.problems' }],
    );
  }

  private async runOne(phase: Phase, thing: ThingRef, lab: Lab | undefined, { signal }: RunOptions): Promise<Outcome> {
    if (!lab || signal?.aborted)
      return { thing, kind: 'cancelled', message: `${thing.name}: cancelled before it began.` };
    const { store, scripts, observe } = this.parts;
    const folder = scriptFolder(thing.lab, lab);
    store.setTask(thing, { kind: phase.task });
    let outcome: Outcome;
    try {
      const { code, output } = await scripts.run(`${folder}/${scriptOf(thing)}`, [phase.verb], signal);
      outcome = signal?.aborted && code !== 0 ? cancelled(thing) : outcomeOf(thing, code, output);
    } catch (error) {
      outcome = signal?.aborted
        ? cancelled(thing)
        : { thing, kind: 'failed', message: reasonOf(error, folderOf(folder)) };
    }
    await observe();
    const isStartFailure = outcome.kind === 'failed' && phase.task === 'starting';
    store.setTask(thing, isStartFailure ? { kind: 'failed', reason: outcome.message } : undefined);
    return outcome;
  }
}

const cancelled = (thing: ThingRef): Outcome => ({ thing, kind: 'cancelled', message: `${thing.name}: cancelled.` });

/** Exit codes of our scripts: 0 done, 3 already so, anything else failed with the reason in the output. */
function outcomeOf(thing: ThingRef, code: number, output: string): Outcome {
  const message = output.trim() || `${thing.name}: the script ended with code ${code} and said nothing.`;
  return { thing, kind: code === 0 ? 'done' : code === 3 ? 'already' : 'failed', message };
}

const reasonOf = (error: unknown, folder: string): string =>
  error instanceof UserError ? error.message : `The scripts in ${folder} cannot be run: ${String(error)}`;

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
}
