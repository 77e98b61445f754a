import { labScript, switchScript, vmScript, wireScript } from '../lab/layout.ts';
import type { Lab } from '../lab/model.ts';
import type { PlainPath } from '../lab/reading/plain-data.ts';
import type { TextSpan } from '../lab/text-span.ts';
import { originOf } from '../script/script-file.ts';

/** What a generated script tells of its origin. */
export interface ScriptOrigin {
  /** From the folder of the script to the lab file. */
  readonly labFile: string;
  /** Whose script it is; undefined: the whole lab's. */
  readonly thing: { readonly kind: 'vm' | 'switch' | 'wire'; readonly name: string } | undefined;
}

/** A VM or switch where a script names it, without quotes. */
export interface ScriptName {
  readonly kind: 'vm' | 'switch';
  readonly name: string;
  readonly span: TextSpan;
}

/** Undefined: the text is no script of a lab. */
export function scriptOrigin(text: string): ScriptOrigin | undefined {
  if (originOf(text).kind === 'foreign') return undefined;
  const source = /^# Made by KVM Lab from ([^/\n]+?\.lab\.ya?ml)\./m.exec(text)?.[1];
  if (source === undefined) return undefined;
  // Where scripts were written elsewhere, they say how they find the folder of the lab file.
  const base = /^lab=\$\(cd -- "\$here\/([^"$`\\\n]+)"/m.exec(text)?.[1] ?? '..';
  const head = header.exec(text);
  const kind = { VM: 'vm', Switch: 'switch', Wire: 'wire' }[head?.[1] ?? ''] as 'vm' | 'switch' | 'wire' | undefined;
  return { labFile: `${base}/${source}`, thing: kind && head?.[2] !== undefined ? { kind, name: head[2] } : undefined };
}

/** The second line of a script. */
const header = /^# (VM|Switch|Wire) (\S+) of the lab /m;

/** Where a script names VMs and switches: in its second line, and in its settings. */
export function scriptNames(text: string): readonly ScriptName[] {
  const patterns = [
    ['vm', /^# VM (\S+) of the lab /dgm],
    ['switch', /^# Switch (\S+) of the lab /dgm],
    ['switch', /^(?:NIC\d+|SWITCH[12])=["']?([\w.-]+)/dgm],
  ] as const;
  return patterns.flatMap(([kind, pattern]) =>
    [...text.matchAll(pattern)].flatMap(({ 1: name, indices }): readonly ScriptName[] => {
      const [start, end] = indices?.[1] ?? [0, 0];
      return name === undefined ? [] : [{ kind, name, span: { start, end } }];
    }),
  );
}

/** The scripts in which a VM or switch is named, as their names in the script folder. */
export function scriptsNaming(lab: Lab, kind: 'vm' | 'switch', name: string): readonly string[] {
  if (kind === 'vm') return [vmScript(name)];
  return [
    switchScript(name),
    ...lab.vms.filter(({ nics }) => nics.some(nic => nic.switch === name)).map(vm => vmScript(vm.name)),
    ...lab.wires.filter(({ ends }) => ends.some(end => end.switch === name)).map(wire => wireScript(wire.name)),
  ];
}

/** The script of a thing of the lab; of a group and of the lab itself, that of the lab. */
export function scriptOfName(kind: string, name: string): string | undefined {
  if (kind === 'vm') return vmScript(name);
  if (kind === 'switch') return switchScript(name);
  return kind === 'group' ? labScript : undefined;
}

const vmVariables: Readonly<Record<string, PlainPath>> = {
  ID: ['id'],
  RAM: ['memory'],
  CPUS: ['cpus'],
  ACCEL: ['accel'],
  CDROM: ['cdrom'],
  BOOT: ['boot'],
  GUEST: ['guest'],
  KERNEL: ['kernel'],
  INITRD: ['initrd'],
  APPEND: ['append'],
  VNC: ['vnc'],
  EXTRA: ['extra'],
};

const nicVariables: Readonly<Record<string, string>> = { PORT: 'port', MAC: 'mac', MODEL: 'model' };

const switchVariables: Readonly<Record<string, PlainPath>> = {
  PORTS: ['ports'],
  STP: ['stp'],
  PRIORITY: ['stp', 'priority'],
  TAP: ['tap', 'interface'],
  TAP_ADDRESS: ['tap', 'address'],
  TAP_GROUP: ['tap', 'group'],
  TAP_NAT: ['tap', 'nat'],
  TAP_PROXY: ['tap', 'proxy'],
  TAP_DNS: ['tap', 'dns'],
  TAP_BRIDGE: ['tap', 'bridge'],
  TAP_LAN: ['tap', 'lan'],
  NETWORK: ['network'],
  FORWARD: ['slirp', 'forward'],
  PXE_ROOT: ['pxe', 'root'],
  PXE_FILE: ['pxe', 'file'],
};

/** The setting in whose line an offset is, as the way to its key in the lab file. Undefined: there is none. */
export function settingPath(text: string, offset: number, { thing }: ScriptOrigin): PlainPath | undefined {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const variable = /^([A-Z][A-Z0-9_]*)=/.exec(text.slice(start, start + 80))?.[1];
  if (!thing || thing.kind === 'wire' || variable === undefined) return undefined;
  const path = thing.kind === 'switch' ? known(switchVariables, variable) : vmPath(variable);
  return path && [thing.kind === 'vm' ? 'vms' : 'switches', thing.name, ...path];
}

function vmPath(variable: string): PlainPath | undefined {
  const [, image, number] = /^(DISK|STICK)(\d+)$/.exec(variable) ?? [];
  if (image !== undefined) return [image === 'DISK' ? 'disks' : 'sticks', Number(number) - 1];
  const [, nic, rest] = /^NIC(\d+)(?:_([A-Z]+))?$/.exec(variable) ?? [];
  if (nic === undefined) return known(vmVariables, variable);
  return ['nics', Number(nic) - 1, rest === undefined ? 'switch' : (known(nicVariables, rest) ?? 'switch')];
}

const known = <Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;
