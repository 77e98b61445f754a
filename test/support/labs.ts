import type { Lab, Nic, Switch, Vm, Wire } from '../../extension/lab/model.ts';

/** Labs made in code, for tests that are about something else than reading. */
const span = { start: 0, end: 0 };

export const aVm = (name: string, id: number, rest: Partial<Vm> = {}): Vm => ({
  name,
  id,
  description: undefined,
  memory: '96M',
  cpus: 1,
  accel: 'auto',
  disks: [],
  cdrom: undefined,
  kernel: undefined,
  initrd: undefined,
  append: undefined,
  isTinyGuest: false,
  gateway: undefined,
  forward: false,
  boot: [],
  vnc: false,
  extra: [],
  nics: [],
  nameSpan: span,
  span,
  ...rest,
});

export const aNic = (number: number, on: string, port: number, rest: Partial<Nic> = {}): Nic => ({
  number,
  switch: on,
  port,
  mac: `52:54:00:00:00:0${number}`,
  model: 'virtio',
  addresses: [],
  vlan: undefined,
  tagged: [],
  span,
  ...rest,
});

export const aSwitch = (name: string, rest: Partial<Switch> = {}): Switch => ({
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
  ...rest,
});

export const aWire = (a: string, b: string, rest: Partial<Wire> = {}): Wire => ({
  name: `${a}-${b}`,
  ends: [
    { switch: a, port: 31 },
    { switch: b, port: 31 },
  ],
  vlan: undefined,
  tagged: [],
  span,
  ...rest,
});

export const aLab = (rest: Partial<Lab> = {}): Lab => ({
  name: 'test',
  description: undefined,
  vms: [],
  switches: [],
  wires: [],
  groups: [],
  ...rest,
});
