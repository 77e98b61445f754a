import { macOf } from '../../extension/lab/networks/addressing.ts';
import type { Group, Lab, Nic, Switch, Tap, Vm, Wire } from '../../extension/lab/model.ts';
import type { Problem } from '../../extension/lab/problem.ts';
import type { LabSnapshot, RunState } from '../../extension/runtime/state.ts';

/** Labs for tests of what is shown, without a file. Only what matters to a test has to be given. */
const span = { start: 0, end: 0 };

export const nic = (number: number, name: string, parts: Partial<Nic> = {}): Nic => ({
  number,
  switch: name,
  port: number,
  mac: macOf('52:54:00', 31, number),
  model: 'virtio',
  addresses: [],
  vlan: undefined,
  tagged: [],
  span,
  ...parts,
});

export const vm = (name: string, id: number | undefined, parts: Partial<Vm> = {}): Vm => ({
  name,
  id,
  description: undefined,
  memory: '256M',
  cpus: 1,
  accel: 'auto',
  image: undefined,
  disks: [],
  cdrom: undefined,
  kernel: undefined,
  initrd: undefined,
  append: undefined,
  isTinyGuest: false,
  cloudInit: undefined,
  gateway: undefined,
  forward: false,
  boot: [],
  vnc: false,
  extra: [],
  nics: [],
  nameSpan: span,
  span,
  ...parts,
});

export const networkSwitch = (name: string, parts: Partial<Switch> = {}): Switch => ({
  name,
  description: undefined,
  network: undefined,
  vlans: [],
  ports: 31,
  stp: undefined,
  slirp: undefined,
  tap: undefined,
  nameSpan: span,
  span,
  ...parts,
});

export const tap = (name: string, parts: Partial<Tap> = {}): Tap => ({
  interface: name,
  address: undefined,
  group: undefined,
  nat: false,
  proxy: undefined,
  dns: undefined,
  bridge: undefined,
  lan: undefined,
  ...parts,
});

export const wire = (from: string, to: string, parts: Partial<Wire> = {}): Wire => ({
  name: `${from}-${to}`,
  ends: [
    { switch: from, port: 31 },
    { switch: to, port: 31 },
  ],
  vlan: undefined,
  tagged: [],
  span,
  ...parts,
});

export const group = (name: string, vms: readonly string[]): Group => ({
  name,
  vms,
  colour: undefined,
  nameSpan: span,
  span,
});

export const lab = (parts: Partial<Lab> = {}): Lab => ({
  name: 'dmz',
  description: undefined,
  images: [],
  vms: [],
  switches: [],
  wires: [],
  groups: [],
  pins: [],
  ...parts,
});

export const running = (pid = 4711): RunState => ({ kind: 'running', pid });
export const stopped: RunState = { kind: 'stopped' };

/** States that are not given: stopped. */
export function snapshotOf(
  one: Lab | undefined,
  states: Readonly<Record<string, RunState>> = {},
  problems: readonly Problem[] = [],
  path = '/labs/dmz.lab.yaml',
): LabSnapshot {
  const statesOf = (prefix: string, things: readonly { readonly name: string }[] | undefined) =>
    new Map((things ?? []).map(({ name }) => [name, states[`${prefix}${name}`] ?? stopped]));
  return {
    path,
    reading: { lab: one, problems },
    lab: one,
    vms: statesOf('', one?.vms),
    switches: statesOf('switch ', one?.switches),
    wires: statesOf('wire ', one?.wires),
  };
}

export const problem = (parts: Partial<Problem> = {}): Problem => ({
  code: 'unknown-switch',
  severity: 'error',
  message: 'There is no switch lam. Did you mean lan?',
  span: { start: 4, end: 7 },
  ...parts,
});
