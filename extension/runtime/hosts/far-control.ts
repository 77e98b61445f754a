import { UserError } from '../../base/user-error.ts';
import type { CancelSignal } from '../../base/cancel.ts';
import { hostOf, hostsOf, thisHost } from '../../lab/hosts/lab-part.ts';
import { vmScript } from '../../lab/layout.ts';
import type { Lab } from '../../lab/model.ts';
import { readyOf } from '../../lab/ready.ts';
import type { ScriptResult } from '../host.ts';
import type { Verb } from '../lab-control.ts';
import { scriptOf, type Phase } from '../lab-things.ts';
import type { ReadyReport, VmRef } from '../readiness/readiness.ts';
import type { FarThings, ThingRef } from '../state.ts';
import type { LabStore } from '../store.ts';
import { FarScripts, type FarScriptsParts } from './far-scripts.ts';
import { lookFar } from './far-look.ts';

export interface FarControlParts extends FarScriptsParts {
  readonly store: LabStore;
}

/** A verb for the script of one thing, with what else the script is told. */
export interface FarControlOrder {
  readonly phase: Phase;
  readonly thing: ThingRef;
  readonly words: readonly string[];
  readonly signal: CancelSignal | undefined;
}

/** One order to labs with other hosts: who does what is done on the host where it belongs, or runs. */
export class FarControl {
  private readonly parts: FarControlParts;
  private readonly scripts: FarScripts;
  /** By the path of the lab file. */
  private readonly labs: ReadonlyMap<string, Lab>;
  private readonly seen = new Map<string, FarThings>();

  constructor(parts: FarControlParts, verb: Verb, labs: ReadonlyMap<string, Lab>) {
    this.parts = parts;
    this.scripts = new FarScripts(parts, verb === 'start' || verb === 'restart');
    this.labs = labs;
  }

  /** Tells the store what runs on the other hosts; of one that cannot be reached nothing is known. */
  async look(): Promise<void> {
    const { hosts, store } = this.parts;
    const looks = [...this.labs].map(async ([path, lab]) => {
      const { things } = await lookFar(hosts, lab, (host, look) => store.setFar(path, host, look));
      this.seen.set(path, things);
    });
    await Promise.all(looks);
  }

  /** Undefined: only this host has to do with it. Otherwise all hosts that do have done it, at once. */
  run(
    { phase, thing, words, signal }: FarControlOrder,
    here: () => Promise<ScriptResult>,
  ): Promise<ScriptResult> | undefined {
    const lab = this.labs.get(thing.lab);
    const places = lab ? this.placesOf(thing, lab, phase.task === 'stopping') : [];
    if (!lab || (places[0] === thisHost && places.length === 1)) return undefined;
    const order = { labPath: thing.lab, lab, script: scriptOf(thing), words, signal };
    return combined(places.map(host => (host === thisHost ? here() : this.scripts.run({ ...order, host }))));
  }

  /** Undefined: the VM runs here. */
  waitUntilReady(
    vms: readonly VmRef[],
    { signal }: { readonly signal?: CancelSignal | undefined },
  ): Promise<readonly ReadyReport[]> | undefined {
    const places = vms.map(vm => this.hostOfVm({ lab: vm.lab, kind: 'vm', name: vm.vm }));
    if (places.every(place => place === thisHost)) return undefined;
    return Promise.all(vms.map((vm, at) => this.whenReady(vm, places[at] ?? thisHost, signal)));
  }

  private async whenReady(vm: VmRef, host: string, signal: CancelSignal | undefined): Promise<ReadyReport> {
    const lab = this.labs.get(vm.lab);
    const known = lab?.vms.find(({ name }) => name === vm.vm);
    if (!lab || !known || !readyOf(known)) return { vm, kind: 'unknown', message: `${vm.vm} runs on ${host}.` };
    const order = { labPath: vm.lab, lab, host, script: vmScript(vm.vm), words: ['ready'], signal };
    const { code, output } = await this.scripts.run(order);
    return { vm, kind: code === 0 ? 'ready' : code === 3 ? 'stopped' : 'late', message: output };
  }

  /** A VM that was moved is where it runs: it is stopped there, and not started anywhere else. */
  private placesOf(thing: ThingRef, lab: Lab, isStopping: boolean): readonly string[] {
    switch (thing.kind) {
      case 'vm':
        return [this.hostOfVm(thing)];
      case 'switch':
        return withOthers(
          hostsOf(lab.switches.find(({ name }) => name === thing.name) ?? {}),
          isStopping ? this.hostsThatRun(thing, 'switches') : [],
        );
      case 'wire':
        return withOthers(
          [hostOf(lab.wires.find(({ name }) => name === thing.name) ?? {})],
          isStopping ? this.hostsThatRun(thing, 'wires') : [],
        );
      case 'lab':
      case 'group':
        return [thisHost];
    }
  }

  /** Where it belongs or not: it may have come there with a VM. */
  private hostsThatRun({ lab: path, name }: ThingRef, kind: 'switches' | 'wires'): readonly string[] {
    const { store } = this.parts;
    const isHere = store.host[kind].some(one => one.name === name && store.labOf(one)?.path === path);
    const far = this.seen.get(path)?.[kind].filter(one => one.name === name) ?? [];
    return [...(isHere ? [thisHost] : []), ...far.map(one => one.far.host)];
  }

  private hostOfVm({ lab: path, name }: ThingRef): string {
    const { store } = this.parts;
    if (store.host.vms.some(one => one.name === name && store.labOf(one)?.path === path)) return thisHost;
    const far = this.seen.get(path)?.vms.find(one => one.name === name);
    return far?.far.host ?? hostOf(this.labs.get(path)?.vms.find(one => one.name === name) ?? {});
  }
}

const withOthers = (hosts: readonly string[], others: readonly string[]): readonly string[] => [
  ...new Set([...hosts, ...others]),
];

/** One result of several hosts: failed if one failed, done if one had something to do. */
async function combined(running: readonly Promise<ScriptResult>[]): Promise<ScriptResult> {
  const results = await Promise.all(running.map(one => one.catch(failureOf)));
  const codes = results.map(({ code }) => code);
  const failed = codes.find(code => code !== 0 && code !== alreadyCode);
  const code = failed ?? (codes.includes(0) ? 0 : alreadyCode);
  return { code, output: results.map(({ output }) => output.trimEnd()).join('\n') };
}

const alreadyCode = 3;

function failureOf(error: unknown): ScriptResult {
  if (error instanceof UserError) return { code: 1, output: error.message };
  throw error;
}
