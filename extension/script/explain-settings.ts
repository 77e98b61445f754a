import type { DefaultKey, DefaultSource } from '../lab/setting-source.ts';
import { faultWords } from '../lab/fault-words.ts';
import type { CloudInit, Disk, Lab, Nic, ValueSpans, Vm, VmImage } from '../lab/model.ts';
import type { TextSpan } from '../lab/text-span.ts';
import type { VmOption } from './vm-options.ts';

/** Where the value of a VM's setting comes from. */
export type SettingSource =
  | DefaultSource
  /** The VM's own entry in the lab file; the place of the value there. */
  | { readonly kind: 'vm'; readonly span: TextSpan }
  /** The template that the VM extends; the place of the value there. */
  | { readonly kind: 'template'; readonly name: string; readonly span: TextSpan }
  /** It follows from something else: `the ID`. */
  | { readonly kind: 'follows'; readonly from: string }
  /** Every VM has it. */
  | { readonly kind: 'always' };

/** One setting, and which options of the command line are its. */
export interface SettingFact {
  readonly key: string | undefined;
  readonly value: string;
  readonly source: SettingSource;
  readonly isOwn: (option: VmOption) => boolean;
}

/** The settings that a VM has, by itself or by a default, in the order of its script. */
export function vmSettingFacts(lab: Lab, vm: Vm): readonly SettingFact[] {
  const source = sourceFinder(lab, vm, vm);
  const given = (key: string, value: string | undefined, variable?: string): readonly SettingFact[] =>
    value === undefined ? [] : [{ key, value, source: source(key), isOwn: ofVariables(variable) }];
  return [
    ...given('id', vm.id === undefined ? undefined : String(vm.id), 'serial monitor display'),
    ...given('description', vm.description),
    { key: 'memory', value: vm.memory, source: source('memory', 'memory'), isOwn: ofVariables('RAM') },
    { key: 'cpus', value: String(vm.cpus), source: source('cpus', 'cpus'), isOwn: ofVariables('CPUS') },
    { key: 'accel', value: vm.accel, source: source('accel', 'accel'), isOwn: ofVariables('accel cpu') },
    ...given('image', vm.image && imageWords(vm.image), 'OVERLAY'),
    ...vm.disks.map((disk, at) => diskFact(disk, at, source)),
    ...given('cdrom', vm.cdrom, 'CDROM'),
    ...(vm.sticks ?? []).map((file, at) => ({
      ...{ key: `sticks.${at + 1}`, value: file, source: source(`sticks.${at}`) },
      isOwn: ofVariables(`STICK${at + 1}`),
    })),
    ...given('boot', vm.boot.length === 0 ? undefined : listed(vm.boot), 'BOOT'),
    ...given('guest', vm.isTinyGuest ? 'tiny' : undefined, 'KERNEL INITRD APPEND'),
    ...given('kernel', vm.kernel, 'KERNEL'),
    ...given('initrd', vm.initrd, 'INITRD'),
    ...given('append', vm.append, 'APPEND'),
    ...given('cloud-init', vm.cloudInit && cloudInitWords(vm.cloudInit), 'SEED'),
    ...given('gateway', vm.gateway),
    ...(vm.isTinyGuest && vm.forward ? given('forward', 'true') : []),
    { key: 'vnc', value: String(vm.vnc), source: source('vnc', 'vnc'), isOwn: ofVariables('VNC') },
    ...macPrefix(lab, vm),
    ...vm.nics.flatMap(nic => nicFacts(nic, vm, lab)),
    ...given('extra', vm.extra.length === 0 ? undefined : listed(vm.extra), 'EXTRA'),
  ];
}

/** The source of a key of a VM or NIC; `defaultKey` is where it is from if the file does not have the key. */
type SourceFinder = (key: string, defaultKey?: DefaultKey) => SettingSource;

const builtIn: DefaultSource = { kind: 'built-in' };

/** `thing`: the VM or one of its NICs. */
function sourceFinder(lab: Lab, { origin }: Vm, thing: { readonly spans?: ValueSpans }, of?: 'nics'): SourceFinder {
  return (key, defaultKey) => {
    const span = thing.spans?.[key];
    // `disks.0` is one of `disks`.
    const isTemplates = origin?.template?.keys.includes(of ?? key.split('.')[0] ?? '') === true;
    if (span && isTemplates) return { kind: 'template', name: origin.template.name, span };
    if (span) return { kind: 'vm', span };
    return (defaultKey && lab.defaultSources?.[defaultKey]) ?? builtIn;
  };
}

const ofVariables = (names = '') => {
  const wanted = names.split(' ').filter(name => name !== '');
  return ({ variables }: VmOption): boolean => wanted.some(name => variables.has(name));
};

const listed = (items: readonly string[]): string => `[${items.join(', ')}]`;

const imageWords = ({ text, source, overlay }: VmImage): string =>
  [text, ...(source ? [source.format] : []), `what is written goes to ${overlay}`].join(', ');

/** Without the password. */
const cloudInitWords = ({ user, hostname, sshKeys, packages }: CloudInit): string =>
  [
    user === undefined ? 'no user' : `user ${user}`,
    ...(hostname === undefined ? [] : [`host name ${hostname}`]),
    `${sshKeys.length} SSH key${sshKeys.length === 1 ? '' : 's'}`,
    ...packages,
  ].join(', ');

function diskFact({ file, format, size }: Disk, at: number, source: SourceFinder): SettingFact {
  const key = `disks.${at + 1}`;
  const value = [file, format, ...(size === undefined ? [] : [`made with ${size} if missing`])].join(', ');
  return { key, value, source: source(`disks.${at}`), isOwn: ofVariables(`DISK${at + 1}`) };
}

/** It counts only for NICs without a MAC of their own. */
function macPrefix(lab: Lab, { nics }: Vm): readonly SettingFact[] {
  const made = nics.find(({ mac, spans }) => mac !== undefined && spans?.['mac'] === undefined);
  if (made?.mac === undefined) return [];
  const source = lab.defaultSources?.macPrefix ?? builtIn;
  return [{ key: 'mac-prefix', value: made.mac.slice(0, 8), source, isOwn: () => false }];
}

/** What a NIC's plug and hub are belongs to its switch, what its card is to its model and MAC. */
function nicFacts(nic: Nic, vm: Vm, lab: Lab): readonly SettingFact[] {
  const source = sourceFinder(lab, vm, nic, 'nics');
  const key = (name: string): string => `nics.${nic.number}.${name}`;
  const variable = (rest: string): string => `NIC${nic.number}${rest}`;
  const isOfNic = new RegExp(`\\b(hubid=${nic.number}|netdev=vde${nic.number})\\b`);
  const made = (name: string, from: string): SettingSource =>
    nic.spans?.[name] ? source(name) : { kind: 'follows', from };
  const isPlug = ofVariables(variable(''));
  return [
    {
      ...{ key: key('switch'), value: nic.switch, source: source('switch') },
      isOwn: option => isPlug(option) || option.words.some(word => word.startsWith('hubport,') && isOfNic.test(word)),
    },
    {
      ...{ key: key('port'), value: String(nic.port ?? ''), source: made('port', 'the order of the NICs in the file') },
      isOwn: ofVariables(variable('_PORT')),
    },
    {
      ...{ key: key('model'), value: nic.model, source: source('model', 'model') },
      isOwn: ofVariables(variable('_MODEL')),
    },
    {
      ...{ key: key('mac'), value: nic.mac ?? '', source: made('mac', 'the ID, mac-prefix and the number of the NIC') },
      isOwn: ofVariables(variable('_MAC')),
    },
    ...guestFacts(nic, source, key),
    ...wireFact(nic, vm, source, key),
  ];
}

/** Of a bad wire QEMU knows only the folder where wirefilter plugs in. */
function wireFact(nic: Nic, vm: Vm, source: SourceFinder, key: (name: string) => string): readonly SettingFact[] {
  if (!nic.faults) return [];
  const plug = `vde,id=vde${nic.number},`;
  const value = faultWords(nic.faults, [vm.name, nic.switch]);
  return [
    { key: key('wire'), value, source: source('wire'), isOwn: one => one.words.some(word => word.startsWith(plug)) },
  ];
}

/** What reaches the guest or the switch and not QEMU. */
function guestFacts(
  { addresses, vlan, tagged }: Nic,
  source: SourceFinder,
  key: (name: string) => string,
): readonly SettingFact[] {
  const fact = (name: string, value: string | undefined): readonly SettingFact[] =>
    value === undefined ? [] : [{ key: key(name), value, source: source(name), isOwn: () => false }];
  return [
    ...fact('address', addresses.length === 0 ? undefined : addresses.join(', ')),
    ...fact('vlan', vlan === undefined ? undefined : String(vlan)),
    ...fact('tagged', tagged.length === 0 ? undefined : listed(tagged.map(one => String(one.vlan)))),
  ];
}
