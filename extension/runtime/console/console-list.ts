import { monitorPort, serialPort } from '../../lab/networks/addressing.ts';
import { vmFiles } from '../../lab/layout.ts';
import type { Lab } from '../../lab/model.ts';
import type { ConsoleKind, ConsoleTarget } from './console-target.ts';
import { folderOf } from '../paths.ts';
import type { RunningVm } from '../state.ts';

/** A console that somebody can be connected to; `lab` is the lab's name, empty if there is none. */
export interface KnownConsole extends ConsoleTarget {
  readonly id: number | undefined;
  /** Undefined: the VM does not run. */
  readonly pid: number | undefined;
}

/** The consoles of a VM that runs, of a lab or not. */
export function consolesOfRunning(vm: RunningVm): readonly KnownConsole[] {
  const { id, pid, lab = '' } = vm;
  const name = vm.name ?? `process ${pid}`;
  const common = { lab, vm: name, id, pid };
  const logPath = vm.pidFile && lab !== '' ? `${folderOf(vm.pidFile)}/${vmFiles(name).consoleLog}` : undefined;
  return [
    ...(vm.serialPort === undefined ? [] : [{ ...common, kind: 'serial', port: vm.serialPort, logPath } as const]),
    ...(vm.monitorPort === undefined ? [] : [{ ...common, kind: 'monitor', port: vm.monitorPort } as const]),
  ];
}

/** The consoles that the VMs of a lab have when they run. */
export function consolesOfLab(lab: Lab, runDir: string): readonly KnownConsole[] {
  return lab.vms.flatMap(({ name, id, host: place }) => {
    if (id === undefined) return [];
    const host = lab.hosts?.find(one => one.name === place);
    const common = { lab: lab.name, vm: name, id, pid: undefined, ...(host && { host }) };
    const logPath = host ? undefined : `${runDir}/${vmFiles(name).consoleLog}`;
    return [
      { ...common, kind: 'serial', port: serialPort(id), logPath },
      { ...common, kind: 'monitor', port: monitorPort(id) },
    ] as const;
  });
}

/** Those whose VM is meant by `NAME`, `LAB/NAME` or an ID; a port means one console. */
export function consolesNamed(
  word: string,
  kind: ConsoleKind,
  consoles: readonly KnownConsole[],
): readonly KnownConsole[] {
  const ofKind = consoles.filter(one => one.kind === kind);
  const named = ofKind.filter(({ lab, vm }) => vm === word || (lab !== '' && `${lab}/${vm}` === word));
  if (named.length > 0 || !/^\d+$/.test(word)) return named;
  const number = Number(word);
  const numbered = ofKind.filter(({ id }) => id === number);
  return numbered.length > 0 ? numbered : consoles.filter(({ port }) => port === number);
}

/** What the VM of a console is called where names alone may not be enough. */
export const consoleVmName = ({ lab, vm }: KnownConsole): string => (lab === '' ? vm : `${lab}/${vm}`);
