/**
 * Names of files, written once: those of a lab's script folder and those of its run-time folder.
 * Everything that belongs to the script X.sh starts with X. Folders are the caller's business.
 */
export const labScript = 'lab.sh';
export const commonScript = 'common.sh';
export const commonVmScript = 'common-vm.sh';
/** What `common-vm.sh` takes in. */
export const commonLockScript = 'common-lock.sh';
export const commonQmpScript = 'common-qmp.sh';
export const commonArrivalScript = 'common-arrival.sh';
export const commonTransferScript = 'common-transfer.sh';
export const commonMigrateScript = 'common-migrate.sh';
export const commonSwitchScript = 'common-switch.sh';
export const commonWireScript = 'common-wire.sh';
/** Those that every lab has. */
export const commonScripts = [
  commonScript,
  commonVmScript,
  commonLockScript,
  commonQmpScript,
  commonArrivalScript,
  commonTransferScript,
  commonMigrateScript,
  commonSwitchScript,
  commonWireScript,
];
/** What a switch with a tap does to the host; only labs that have one have it. */
export const hostScript = 'common-host.sh';
export const vmScript = (vm: string): string => `${vm}.sh`;
export const switchScript = (name: string): string => `switch-${name}.sh`;
export const wireScript = (name: string): string => `wire-${name}.sh`;

/** Disks that belong to the VMs of a lab, from the lab file's folder. */
export const diskFolder = (lab: string): string => `${lab}/disks`;
/** What a VM writes goes here instead of into its image. */
export const vmOverlay = (lab: string, vm: string): string => `${diskFolder(lab)}/${vm}.qcow2`;
/** Which disk of a VM was installed, by what. */
export const vmInstalled = (lab: string, vm: string): string => `${diskFolder(lab)}/${vm}.installed.json`;
/** What cloud-init of a VM reads. */
export const vmSeed = (lab: string, vm: string): string => `${diskFolder(lab)}/${vm}.seed.iso`;

/** Files of the run-time folder. Socket paths have a limit of 107 bytes (sun_path, unix(7)). */
export const vmFiles = (vm: string) => ({
  pid: `${vm}.pid`,
  lock: `${vm}.lock`,
  /** Held by QEMU and whatever becomes QEMU, of labs with `locks`. */
  leash: `${vm}.leash`,
  /** Held by whoever runs a command in its guest. */
  shellLock: `${vm}.shell.lock`,
  /** QMP for short commands. */
  qmp: `${vm}.qmp`,
  /** QMP for a watcher that stays connected: QMP serves one client at a time. */
  watchQmp: `${vm}.watch.qmp`,
  /** Everything that the serial console ever printed, raw. */
  consoleLog: `${vm}.console.log`,
  /** Its process and the seconds that it took, once it was ready. */
  ready: `${vm}.ready`,
  /** Where its QEMU guest agent is asked. */
  agent: `${vm}.agent`,
  /** A picture of its screen on the way to a thumbnail. */
  screen: `${vm}.screen.ppm`,
  /** What QEMU said at the last start. */
  startLog: `${vm}.log`,
});

/** In the run-time folder: how long the VMs of the lab took to be ready, the last times. */
export const bootTimesFile = 'boot-times.json';

/** A picture of a VM's screen that somebody asked for. */
export const screenshotFile = (vm: string, when: string): string => `${vm}.${when}.png`;

/**
 * In the folder over all run-time folders: where the process that is connected to a console lets others join. Named by
 * the port, because that is what there is one of: consoles of VMs that no lab started are shared in the same way.
 * `place`: of another host's port, what tells that host from others.
 */
export const consoleShare = (port: number, place = ''): string =>
  `port-${port}${place === '' ? '' : `@${place}`}.share`;

export const switchFiles = (name: string) => ({
  /** A folder: vde_switch puts `ctl` and one socket per client into it. */
  socket: `switch-${name}`,
  management: `switch-${name}.mgmt`,
  pid: `switch-${name}.pid`,
  lock: `switch-${name}.lock`,
  uplinkPid: `switch-${name}.uplink.pid`,
});

/** The wire between a NIC and its switch, if it goes through wirefilter. Wires between switches have names without a plus. */
export const nicWire = (vm: string, nic: number): string => `${vm}+${nic}`;
export const nicOfWire = (wire: string): { readonly vm: string; readonly nic: number } | undefined => {
  const [, vm, nic] = /^(.+)\+(\d+)$/.exec(wire) ?? [];
  return vm === undefined ? undefined : { vm, nic: Number(nic) };
};

export const wireFiles = (wire: string) => ({
  /** Of wirefilter, or of the plug of a wire where nothing is wrong. */
  pid: `wire-${wire}.pid`,
  /** Where wirefilter is asked. */
  management: `wire-${wire}.mgmt`,
  /** Orders that make wirefilter what it is now; a wire that is plugged in again has them. */
  orders: `wire-${wire}.rc`,
  /** A datagram for each packet goes here, if somebody has made it: `switch-lan[1]=switch-dmz[1] LR 100`. */
  blink: `wire-${wire}.blink`,
  /** A folder: the NIC listens here for its end of the wire. */
  socket: `wire-${wire}`,
});

/** VM names that would make a script with a name of ours. */
export const isReservedVmName = (name: string): boolean =>
  /^(lab|common|common-(vm|lock|qmp|arrival|transfer|migrate|switch|wire|host|outside)|switch-.*|wire-.*)$/.test(name);

/** Points of the whole lab, from the lab file's folder: each a folder of its name. */
export const snapshotFolder = (lab: string): string => `${lab}/snapshots`;
/** In the run-time folder that a VM has left: where it was migrated to. */
export const movedFile = (vm: string): string => `${vm}.moved`;
/** In the run-time folder: where the state of a VM goes in and out. */
export const stateSocket = (vm: string): string => `${vm}.state.sock`;
