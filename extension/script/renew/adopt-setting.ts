import type { BootDevice, Lab, NicModel, Switch, Vm } from '../../lab/model.ts';
import type { LabEdit } from '../../lab/edits/lab-edit.ts';
import { deviceName } from '../../qemu/nic-ids.ts';
import { isFaultSetting } from '../fault-settings.ts';
import type { SettingValue } from './settings-block.ts';

export type AdoptedKey = Extract<LabEdit, { kind: 'setKeys' }>['keys'][number];
type KeyValue = Pick<AdoptedKey, 'path' | 'value'>;

/** A key of the lab file for a setting of a script, or why there is none, for people. */
export type Adoption = AdoptedKey | string;

/** The key of the lab file that says what a setting of the VM's script says. */
function adoptVmSetting(vm: Vm, setting: string, value: SettingValue): Adoption {
  const key = readable(value) ?? (setting === 'EXTRA' ? extraKey(value) : vmKey(vm, setting, textOf(value)));
  return typeof key === 'string' ? key : { thing: { kind: 'vm', name: vm.name }, ...key };
}

/** The same for a switch's. */
function adoptSwitchSetting(of: Switch, setting: string, value: SettingValue): Adoption {
  const key = readable(value) ?? (setting === 'FORWARD' ? forwardKey(value) : switchKey(setting, textOf(value)));
  return typeof key === 'string' ? key : { thing: { kind: 'switch', name: of.name }, ...key };
}

/** What the settings of a script belong to. */
export const adoptSetting = (
  lab: Lab,
  of: { readonly kind: string; readonly name: string },
  setting: string,
  value: SettingValue,
): Adoption => {
  const vm = of.kind === 'vm' ? lab.vms.find(({ name }) => name === of.name) : undefined;
  const one = of.kind === 'switch' ? lab.switches.find(({ name }) => name === of.name) : undefined;
  if (vm) return adoptVmSetting(vm, setting, value);
  if (one) return adoptSwitchSetting(one, setting, value);
  return isFaultSetting(setting) ? byItsWire : noKey;
};

const noKey = 'no key of the lab file says it';

/** One setting may be several keys, and only the wire knows what comes of all of them. */
const byItsWire = 'start it, then write what its wire has with kvmlab wire --write';

const readable = (value: SettingValue): string | undefined =>
  value === undefined ? 'only a shell can tell its value' : undefined;

const textOf = (value: SettingValue): string | undefined => (typeof value === 'string' ? value : undefined);
const extraKey = (value: SettingValue): KeyValue => ({
  path: ['extra'],
  value: typeof value === 'string' ? [value] : value?.length === 0 ? undefined : value,
});

const bootDevices: Readonly<Record<string, BootDevice>> = { c: 'disk', d: 'cdrom', n: 'network' };
const models: readonly NicModel[] = ['virtio', 'e1000', 'e1000e', 'rtl8139', 'ne2k_pci', 'pcnet', 'vmxnet3'];
const vmFiles: Readonly<Record<string, string>> = {
  CDROM: 'cdrom',
  KERNEL: 'kernel',
  INITRD: 'initrd',
  APPEND: 'append',
};

function vmKey(vm: Vm, setting: string, text: string | undefined): KeyValue | string {
  if (text === undefined) return 'a list stands where the lab file has one value';
  const file = Object.hasOwn(vmFiles, setting) ? vmFiles[setting] : undefined;
  if (file !== undefined)
    return vm.isTinyGuest && setting !== 'CDROM'
      ? 'the tiny guest makes it from the whole entry'
      : { path: [file], value: text || undefined };
  const [, nic, rest] = /^NIC(\d+)(?:_(\w+))?$/.exec(setting) ?? [];
  if (nic !== undefined) return nicKey(Number(nic), rest, text);
  if (/^(DISK|STICK)\d+$/.test(setting)) return imageKey(setting, text);
  return (Object.hasOwn(simpleKeys, setting) ? simpleKeys[setting]?.(text) : undefined) ?? noKey;
}

/** `DISK1`, `STICK2`. */
function imageKey(setting: string, text: string): KeyValue | string {
  const key = setting.startsWith('DISK') ? 'disks' : 'sticks';
  return text === '' ? noKey : { path: [key, Number(/\d+$/.exec(setting)?.[0]) - 1], value: text };
}

const simpleKeys: Readonly<Record<string, (text: string) => KeyValue | string>> = {
  ID: text => ({ path: ['id'], value: numberOf(text) }),
  RAM: text => ({ path: ['memory'], value: /^\d+$/.test(text) ? `${text}M` : text }),
  CPUS: text => ({ path: ['cpus'], value: numberOf(text) }),
  ACCEL: text => ({ path: ['accel'], value: text }),
  VNC: text => flagKey('vnc', text),
  GUEST: text => ({ path: ['guest'], value: text || undefined }),
  BOOT: text => bootKey(text),
};

const numberOf = (text: string): number | string => (/^\d{1,9}$/.test(text) ? Number(text) : text);

const flagKey = (key: string, text: string, owner: readonly string[] = []): KeyValue | string =>
  text === 'yes' || text === 'no' ? { path: [...owner, key], value: text === 'yes' } : 'it takes yes or no';

function bootKey(text: string): KeyValue | string {
  if (!/^[cdn]*$/.test(text)) return 'the lab file knows the letters c, d and n only';
  const devices = Array.from(text, letter => bootDevices[letter] ?? letter);
  return { path: ['boot'], value: devices.length === 0 ? undefined : devices };
}

function nicKey(number: number, rest: string | undefined, text: string): KeyValue | string {
  const path = ['nics', number - 1];
  if (rest === undefined) return { path: [...path, 'switch'], value: text };
  if (rest === 'PORT') return { path: [...path, 'port'], value: numberOf(text) };
  if (rest === 'MAC') return { path: [...path, 'mac'], value: text };
  const model = models.find(one => deviceName(one) === text);
  if (isFaultSetting(rest)) return byItsWire;
  if (rest !== 'MODEL') return noKey;
  return model ? { path: [...path, 'model'], value: model } : 'the lab file does not know this model';
}

const tapSettings: Readonly<Record<string, string>> = {
  TAP: 'interface',
  TAP_ADDRESS: 'address',
  TAP_GROUP: 'group',
  TAP_NAT: 'nat',
  TAP_PROXY: 'proxy',
  TAP_DNS: 'dns',
  TAP_BRIDGE: 'bridge',
  TAP_LAN: 'lan',
};

function switchKey(setting: string, text: string | undefined): KeyValue | string {
  if (text === undefined) return 'a list stands where the lab file has one value';
  const tap = Object.hasOwn(tapSettings, setting) ? tapSettings[setting] : undefined;
  if (tap === 'nat') return flagKey('nat', text, ['tap']);
  if (tap !== undefined) return { path: ['tap', tap], value: text || undefined };
  const pxe = { PXE_ROOT: 'root', PXE_FILE: 'file' }[setting];
  if (pxe !== undefined) return { path: ['pxe', pxe], value: text || undefined };
  if (setting === 'PORTS') return { path: ['ports'], value: numberOf(text) };
  if (setting === 'STP') return flagKey('stp', text);
  if (setting === 'PRIORITY') return { path: ['stp', 'priority'], value: numberOf(text) };
  return setting === 'NETWORK' ? { path: ['network'], value: text || undefined } : noKey;
}

/** `tcp:127.0.0.1:2222-10.0.2.15:22` as the lab file has it: `tcp 2222 10.0.2.15:22`. */
function forwardKey(value: SettingValue): KeyValue | string {
  const rules = typeof value === 'string' ? [value] : (value ?? []);
  const read = rules.map(rule => /^(tcp|udp):([\d.]*):(\d+)-([\d.]+):(\d+)$/.exec(rule));
  if (read.includes(null)) return 'the lab file cannot say one of its rules';
  const words = read.map(parts => {
    const [, protocol = '', host = '', port = '', guest = '', guestPort = ''] = parts ?? [];
    // QEMU takes no address for all of them.
    const from = host === '127.0.0.1' ? port : `${host || '0.0.0.0'}:${port}`;
    return `${protocol} ${from} ${guest}:${guestPort}`;
  });
  return { path: ['slirp', 'forward'], value: words.length === 0 ? undefined : words };
}
