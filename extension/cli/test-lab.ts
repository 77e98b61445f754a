import { CancelSource } from '../base/cancel.ts';
import type { Progress } from '../runtime/lab-control.ts';
import { pidOf, type ThingRef } from '../runtime/state.ts';
import type { Arguments } from './arguments.ts';
import type { CliPorts } from './command.ts';
import type { OpenLab } from './lab-file.ts';
import { isEnough } from './start-budget.ts';
import { printable } from './text-table.ts';

/** Whether a lab runs now. `started`: what has to be stopped again. */
export type BroughtUp =
  | { readonly kind: 'ready'; readonly started: readonly ThingRef[] }
  | { readonly kind: 'failed'; readonly reason: string; readonly started: readonly ThingRef[] }
  /** This host has not enough for it, and nothing was started. */
  | { readonly kind: 'refused' };

/** Starts what of a lab does not run, and waits until its VMs are ready. */
export async function bringUp(
  { path, lab }: OpenLab,
  options: Arguments['options'],
  ports: CliPorts,
): Promise<BroughtUp> {
  const all: ThingRef = { lab: path, kind: 'lab', name: lab.name };
  await ports.watcher.poll();
  const isOther = whatRuns(ports);
  if (!(await isEnough([all], options, ports))) return { kind: 'refused' };
  const onProgress = (progress: Progress): void => report(progress, ports);
  const outcomes = await ports.control.run('start', [all], { signal: ports.signal, onProgress });
  // A start that was called off in the middle, or failed, may have left something running.
  const started = outcomes.filter(({ kind, thing }) => kind !== 'already' && !isOther(thing)).map(({ thing }) => thing);
  const bad = outcomes.find(({ kind }) => kind === 'failed' || kind === 'cancelled');
  if (bad) return { kind: 'failed', reason: `The lab did not start. ${bad.message}`, started };
  const vms = lab.vms.map(({ name }) => ({ lab: path, vm: name }));
  const reports = await ports.readiness.waitUntilReady(vms, {
    signal: ports.signal,
    onReport: ({ message }) => ports.err(`${printable(message)}\n`),
  });
  const late = reports.find(({ kind }) => kind !== 'ready' && kind !== 'unknown');
  return late
    ? { kind: 'failed', reason: `The lab did not get ready. ${late.message}`, started }
    : { kind: 'ready', started };
}

/** Tells what runs now. */
function whatRuns({ store }: CliPorts): (thing: ThingRef) => boolean {
  const pids = new Set([...store.host.vms, ...store.host.switches, ...store.host.wires].map(({ pid }) => pid));
  return thing => {
    const pid = pidOf(store.stateOf(thing));
    return pid !== undefined && pids.has(pid);
  };
}

/** For a lab that somebody else has brought up, as far as it is. */
export async function asItIs(ports: CliPorts): Promise<BroughtUp> {
  await ports.watcher.poll();
  return { kind: 'ready', started: [] };
}

/** Also after the checks were called off, so not by the signal that did so. */
export async function takeDown(started: readonly ThingRef[], ports: CliPorts): Promise<void> {
  if (started.length === 0) return;
  const onProgress = (progress: Progress): void => report(progress, ports);
  const outcomes = await ports.control.run('stop', started, { signal: new CancelSource().signal, onProgress });
  for (const { kind, message } of outcomes)
    if (kind === 'failed') ports.err(`${printable(`It could not be stopped: ${message}`)}\n`);
}

function report({ thing, outcome }: Progress, ports: CliPorts): void {
  if (!outcome || outcome.kind === 'already') return;
  const [first = ''] = outcome.message.trim().split('\n');
  ports.err(`${printable(first === '' ? `${thing.kind} ${thing.name}: ${outcome.kind}` : first)}\n`);
}
