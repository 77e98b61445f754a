import { UserError } from '../base/user-error.ts';
import type { Lab, LabReading } from '../lab/model.ts';
import type { FarControl, FarControlOrder } from './hosts/far-control.ts';
import type { Files, ScriptResult, ScriptRunner } from './host.ts';
import type { StartGate, StartGateParts } from './readiness/start-gate.ts';
import { phasesOf, scriptOf, type Phase } from './lab-things.ts';
import type { LabControl, Outcome, RunOptions, Verb } from './lab-control.ts';
import { folderOf } from './paths.ts';
import { scriptFolder } from './lab-identity.ts';
import type { WriteOptions } from './script-writer.ts';
import type { RemoteHosts } from './remote-ports.ts';
import type { RunState, ThingRef } from './state.ts';
import type { LabStore } from './store.ts';

export interface RunnerParts {
  readonly files: Files;
  readonly scripts: ScriptRunner;
  readonly store: LabStore;
  /** Reads a lab file with all checks. Rejects with a UserError if it is not there. */
  readonly readLab: (labPath: string) => Promise<LabReading>;
  /** Looks at what runs, so that the state is true before a task ends. */
  readonly observe: () => Promise<void>;
  /** For VMs that come after others. */
  readonly waitUntilReady: StartGateParts['waitUntilReady'];
  /** Reaches the other hosts of labs. */
  readonly remote: () => Promise<RemoteHosts>;
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
    // A VM that was migrated is stopped where it is.
    if (verb !== 'start') await this.parts.observe();
    const far = await this.farOf(verb, labs);
    const phases = phasesOf(verb, things, labs);
    const total = phases.reduce((sum, phase) => sum + phase.things.length, 0);
    const outcomes: Outcome[] = [];
    for (const phase of phases) {
      const gate = await this.gateOf(phase, labs, options, far);
      const inTurn = turns(atOnce);
      await Promise.all(
        phase.things.map(async thing => {
          const tell = (outcome?: Outcome, waitsFor?: readonly string[]): void =>
            options.onProgress?.({ thing, outcome, finished: outcomes.length, total, ...(waitsFor && { waitsFor }) });
          const refused = gate && (await this.holdBack(thing, gate, before => tell(undefined, before)));
          const begin = (): Promise<Outcome> => {
            tell();
            return this.runOne(phase, thing, labs.get(thing.lab), options, far);
          };
          const outcome = refused ?? (await inTurn(begin));
          gate?.ended(thing, outcome);
          outcomes.push(outcome);
          tell(outcome);
        }),
      );
    }
    await far?.look();
    return outcomes;
  }

  /** Undefined: no lab has other hosts. */
  private async farOf(verb: Verb, labs: ReadonlyMap<string, Lab>): Promise<FarControl | undefined> {
    const spread = [...labs].filter(([, { hosts }]) => hosts);
    if (spread.length === 0) return undefined;
    const { FarControl } = await import('./hosts/far-control.ts');
    const far = new FarControl({ ...this.parts, hosts: await this.parts.remote() }, verb, new Map(spread));
    await far.look();
    return far;
  }

  /** Undefined: nothing that is started waits for anything. */
  private async gateOf(
    { task, things }: Phase,
    labs: ReadonlyMap<string, Lab>,
    { signal }: RunOptions,
    far: FarControl | undefined,
  ): Promise<StartGate | undefined> {
    const isOrdered = things.some(({ kind, lab }) => kind === 'vm' && labs.get(lab)?.vms.some(({ after }) => after));
    if (task !== 'starting' || !isOrdered) return undefined;
    const { StartGate } = await import('./readiness/start-gate.ts');
    const waitHere = this.parts.waitUntilReady;
    const waitUntilReady: typeof waitHere = (vms, order) => far?.waitUntilReady(vms, order) ?? waitHere(vms, order);
    return new StartGate({ ...this.parts, waitUntilReady, things, labs, signal });
  }

  /** Undefined: it may be started; else why it is not. */
  private async holdBack(
    thing: ThingRef,
    gate: StartGate,
    onWait: (before: readonly string[]) => void,
  ): Promise<Outcome | undefined> {
    const before = gate.before(thing);
    if (before.length === 0) return undefined;
    onWait(before);
    const { store } = this.parts;
    store.setTask(thing, { kind: 'starting' });
    const refused = await gate.pass(thing);
    const reason = refused?.kind === 'failed' ? refused.message : undefined;
    store.setTask(thing, reason === undefined ? undefined : { kind: 'failed', reason });
    return refused;
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

  private async runOne(
    phase: Phase,
    thing: ThingRef,
    lab: Lab | undefined,
    options: RunOptions,
    far: FarControl | undefined,
  ): Promise<Outcome> {
    const { signal, settings = [] } = options;
    if (!lab || signal?.aborted)
      return { thing, kind: 'cancelled', message: `${thing.name}: cancelled before it began.` };
    const { store, scripts, observe } = this.parts;
    const folder = scriptFolder(thing.lab, lab);
    const more = thing.kind === 'vm' ? [...settings, ...placeSettings(phase, store.stateOf(thing))] : [];
    store.setTask(thing, { kind: phase.task });
    let outcome: Outcome;
    try {
      const words = [phase.verb, ...more];
      const here = (): Promise<ScriptResult> => scripts.run(`${folder}/${scriptOf(thing)}`, words, signal);
      const { code, output } = await whereItBelongs(far, { phase, thing, words, signal }, here);
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

/** A VM that was migrated to other run-time folders of this host is stopped there. */
const placeSettings = ({ task }: Phase, state: RunState): readonly string[] =>
  task === 'stopping' && state.kind === 'running' && state.folder !== undefined
    ? [`RUN_ROOT=${folderOf(state.folder)}`, ...(state.id === undefined ? [] : [`ID=${state.id}`])]
    : [];

const whereItBelongs = (
  far: FarControl | undefined,
  order: FarControlOrder,
  here: () => Promise<ScriptResult>,
): Promise<ScriptResult> => far?.run(order, here) ?? here();

const cancelled = (thing: ThingRef): Outcome => ({ thing, kind: 'cancelled', message: `${thing.name}: cancelled.` });

/** Exit codes of our scripts: 0 done, 3 already so, anything else failed with the reason in the output. */
function outcomeOf(thing: ThingRef, code: number, output: string): Outcome {
  const message = output.trim() || `${thing.name}: the script ended with code ${code} and said nothing.`;
  return { thing, kind: code === 0 ? 'done' : code === 3 ? 'already' : 'failed', message };
}

const reasonOf = (error: unknown, folder: string): string =>
  error instanceof UserError ? error.message : `The scripts in ${folder} cannot be run: ${String(error)}`;

/** Lets so many work at a time; the others wait, first come, first served. */
function turns(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let working = 0;
  return async work => {
    if (working >= most) await new Promise<void>(resolve => waiting.push(resolve));
    else working += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else working -= 1;
    }
  };
}
