import type { Lab } from '../model.ts';
import { didYouMean, shown } from '../names.ts';
import type { ProblemCode } from '../problem.ts';
import type { Scope } from '../reading/read-keys.ts';
import { valueSpan } from '../reading/spans.ts';
import { deedPlace, type Scenario, type ScenarioStep } from '../scenario.ts';

/** What scenarios name, by what their steps do with it; of wires also those of NICs, as `web/1`. */
interface Known {
  readonly vms: ReadonlySet<string>;
  readonly switches: ReadonlySet<string>;
  readonly wires: ReadonlySet<string>;
  /** Wires that leave the lab. */
  readonly outside: ReadonlySet<string>;
  /** Switches that only root can start again. */
  readonly taps: ReadonlySet<string>;
  /** The wires at each switch, by its name. */
  readonly wiresAt: ReadonlyMap<string, readonly string[]>;
}

/** Each step names what there is, and can be taken back whatever the others do. */
export function checkScenarios(lab: Lab, scope: Scope): void {
  const { scenarios = [] } = lab;
  if (scenarios.length === 0) return;
  const known = knownIn(lab);
  for (const scenario of scenarios) {
    for (const step of scenario.steps) checkStep(step, known, scope);
    checkOverlaps(scenario, known, scope);
  }
}

function knownIn({ vms, switches, wires }: Lab): Known {
  const plugs = [
    ...wires.flatMap(({ name, ends }) => ends.map(end => [end.switch, name] as const)),
    ...vms.flatMap(vm => vm.nics.map(nic => [nic.switch, `${vm.name}/${nic.number}`] as const)),
  ];
  const wiresAt = new Map<string, string[]>();
  for (const [name, wire] of plugs) wiresAt.set(name, [...(wiresAt.get(name) ?? []), wire]);
  return {
    vms: new Set(vms.map(({ name }) => name)),
    switches: new Set(switches.map(({ name }) => name)),
    wires: new Set(plugs.map(([, wire]) => wire)),
    outside: new Set(wires.filter(({ ends }) => ends[1].outside).map(({ name }) => name)),
    taps: new Set(switches.filter(({ tap }) => tap).map(({ name }) => name)),
    wiresAt,
  };
}

function checkStep(step: ScenarioStep, known: Known, scope: Scope): void {
  const { deed } = step;
  const { key, name } = deedPlace(deed);
  const tell = (code: ProblemCode, message: string): void => scope.report(code, valueSpan(step, key), message);
  const missing = (code: ProblemCode, word: string, names: ReadonlySet<string>, hint: string): void => {
    if (names.has(name)) return;
    const nearest = didYouMean(scope.nearest.find(name, names)) || ` ${hint}`;
    tell(code, `There is no ${word} "${shown(name)}" in this lab.${nearest}`);
  };
  if (deed.kind === 'pause') missing('unknown-vm', 'VM', known.vms, 'Add it under "vms:".');
  else if (deed.kind === 'kill') missing('unknown-switch', 'switch', known.switches, 'Add it under "switches:".');
  else missing('unknown-wire', 'wire', known.wires, 'A wire is named by its switches, lan-dmz, that of a NIC web/1.');
  if (deed.kind === 'kill' && known.taps.has(name))
    tell('bad-value', `Switch ${shown(name)} has a tap, so only root can start it again. Kill another one.`);
  if (deed.kind === 'wire' && known.outside.has(name))
    tell('bad-value', 'Faults are for wires between switches of one lab. Let this one flap instead.');
}

/** Whichever ended first would put back what the other one has made, so one thing takes one step at a time. */
function checkOverlaps({ name, steps }: Scenario, known: Known, scope: Scope): void {
  const busy = new Map<string, number>();
  for (const step of [...steps].sort((a, b) => a.atMs - b.atMs)) {
    const end = step.atMs + step.randomMs + step.forMs;
    const things = thingsOf(step, known);
    const taken = things.find(thing => (busy.get(thing) ?? 0) > step.atMs);
    if (taken !== undefined) {
      const message = `Another step of ${shown(name)} is not over with ${shown(taken)} when this one begins. Let it begin later, or end the other one earlier.`;
      scope.report('scenario-overlap', valueSpan(step, deedPlace(step.deed).key), message);
    }
    for (const thing of things) busy.set(thing, Math.max(end, busy.get(thing) ?? 0));
  }
}

/** A switch that dies takes the wires at it along. */
function thingsOf({ deed }: ScenarioStep, { wiresAt }: Known): readonly string[] {
  const { name } = deedPlace(deed);
  if (deed.kind === 'pause') return [`VM ${name}`];
  const wires = deed.kind === 'kill' ? (wiresAt.get(name) ?? []) : [name];
  return [...(deed.kind === 'kill' ? [`switch ${name}`] : []), ...wires.map(wire => `wire ${wire}`)];
}
