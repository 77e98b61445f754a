import { switchScript, vmScript, wireScript } from '../../lab/layout.ts';
import type { Lab, Nic, NicModel, Slirp, SlirpForward, Switch, Wire } from '../../lab/model.ts';
import type { OutsideEnd } from '../../lab/outside.ts';
import { deviceName } from '../../qemu/nic-ids.ts';
import { handFaults, type HandFaults } from '../../script/hand-faults.ts';
import type { KeptValues } from '../../script/renew/kept-arguments.ts';
import type { Files } from '../host.ts';
import { clashesOf, planScripts } from '../renew/renew-plan.ts';
import { clashName, lineWords } from '../renew/renew-words.ts';

/** What of a lab's scripts stays as somebody made it by hand, so that it counts and not the lab file. */
export interface HandEdits {
  /** By the names of the scripts; a value that only a shell can tell is undefined. */
  readonly settings: ReadonlyMap<string, KeptValues>;
  /** Scripts that were changed outside their settings, too. */
  readonly code: ReadonlySet<string>;
  /** What cannot be compared because of that. */
  readonly remarks: readonly string[];
}

/** `folder`: where the scripts lie. */
export async function readHandEdits(
  files: Pick<Files, 'read'>,
  path: string,
  lab: Lab,
  folder: string,
): Promise<HandEdits> {
  const plan = await planScripts(files, path, lab, { out: folder });
  const kept = plan.scripts.map(({ name, renewal: { kept: list, keptCode } }) => {
    return { name, code: keptCode, values: new Map(list.map(one => [one.name, one.value])) };
  });
  const clashes = clashesOf(plan).map(
    ({ script, clash }) =>
      `${script}: ${clashName(clash)} was changed by hand and by the lab file. Renew the scripts to say which counts.`,
  );
  const unclear = kept.flatMap(({ name, code, values }) => {
    const unread = [...values].flatMap(([setting, value]) => (value === undefined ? [setting] : []));
    const names = [...new Set([...unread, ...unclearFaults(lab, name, values)])];
    const parts = [...names, ...(code ? [lineWords(code)] : [])];
    return parts.length === 0
      ? []
      : [
          `${name} was edited by hand where only a shell can tell what it does, which was not compared: ${parts.join(', ')}.`,
        ];
  });
  return {
    settings: new Map(kept.map(({ name, values }) => [name, values])),
    code: new Set(kept.flatMap(({ name, code }) => (code ? [name] : []))),
    remarks: [...clashes, ...unclear],
  };
}

/** The lab with plugs and switches as its scripts have them. */
export function labByHand(lab: Lab, { settings }: HandEdits): Lab {
  const textsOf = (script: string): Texts => {
    const values = settings.get(script);
    return name => {
      const value = values?.get(name);
      return typeof value === 'string' ? value : undefined;
    };
  };
  const vms = lab.vms.map(vm => {
    const text = textsOf(vmScript(vm.name));
    const values = settings.get(vmScript(vm.name)) ?? new Map();
    return { ...vm, nics: vm.nics.map(nic => ({ ...nicByHand(nic, text), ...faultsByHand(nicFaults(nic, values)) })) };
  });
  const switches = lab.switches.map(it => {
    const name = switchScript(it.name);
    return switchByHand(it, textsOf(name), settings.get(name)?.get('FORWARD'));
  });
  const wires = lab.wires.map(wire => {
    const script = wireScript(wire.name);
    const faults = wireFaults(wire, settings.get(script) ?? new Map());
    return { ...wireByHand(wire, textsOf(script)), ...faultsByHand(faults) };
  });
  return { ...lab, vms, switches, wires };
}

/** Undefined: the lab file has no faults, and so the script no settings of them. */
const nicFaults = ({ number, faults }: Nic, values: KeptValues): HandFaults | undefined =>
  faults && handFaults(faults, values, `NIC${number}_`);

const wireFaults = ({ faults }: Wire, values: KeptValues): HandFaults | undefined =>
  faults && handFaults(faults, values);

const faultsByHand = (hand: HandFaults | undefined): Pick<Wire, 'faults'> => (hand ? { faults: hand.faults } : {});

/** Settings of bad wires that cannot be compared, by the names of their scripts. */
function unclearFaults(lab: Lab, script: string, values: KeptValues): readonly string[] {
  const vm = lab.vms.find(({ name }) => vmScript(name) === script);
  const wire = lab.wires.find(({ name }) => wireScript(name) === script);
  const found = [...(vm?.nics.map(nic => nicFaults(nic, values)) ?? []), ...(wire ? [wireFaults(wire, values)] : [])];
  return found.flatMap(hand => hand?.unclear ?? []);
}

/** The text of a setting that was changed by hand. */
type Texts = (name: string) => string | undefined;

const models: readonly NicModel[] = ['virtio', 'e1000', 'e1000e', 'rtl8139', 'ne2k_pci', 'pcnet', 'vmxnet3'];

function nicByHand(nic: Nic, text: Texts): Nic {
  const of = (rest: string): string | undefined => text(`NIC${nic.number}${rest}`);
  return {
    ...nic,
    switch: of('') ?? nic.switch,
    port: numberOr(of('_PORT'), nic.port),
    mac: of('_MAC') ?? nic.mac,
    model: models.find(model => deviceName(model) === of('_MODEL')) ?? nic.model,
  };
}

function switchByHand(it: Switch, text: Texts, forward: unknown): Switch {
  const hasTree = text('STP') === undefined ? it.stp !== undefined : text('STP') === 'yes';
  const rules = Array.isArray(forward) ? forward.flatMap(rule => forwardOf(String(rule)) ?? []) : undefined;
  return {
    ...it,
    ports: numberOr(text('PORTS'), it.ports),
    stp: hasTree ? { priority: numberOr(text('PRIORITY'), it.stp?.priority) } : undefined,
    network: text('NETWORK') ?? it.network,
    tap: it.tap && { ...it.tap, interface: text('TAP') ?? it.tap.interface },
    slirp: it.slirp && { ...it.slirp, forward: rules ?? it.slirp.forward, ...pxeByHand(it.slirp, text) },
  };
}

const pxeByHand = ({ pxe }: Slirp, text: Texts): Pick<Slirp, 'pxe'> =>
  pxe ? { pxe: { ...pxe, root: text('PXE_ROOT') ?? pxe.root, file: text('PXE_FILE') ?? pxe.file } } : {};

function wireByHand(wire: Wire, text: Texts): Wire {
  const [a, b] = wire.ends;
  return {
    ...wire,
    ends: [
      { ...a, switch: text('SWITCH1') ?? a.switch, port: numberOr(text('PORT1'), a.port) },
      b.outside
        ? { ...b, outside: outsideByHand(b.outside, text) }
        : { ...b, switch: text('SWITCH2') ?? b.switch, port: numberOr(text('PORT2'), b.port) },
    ],
  };
}

function outsideByHand(end: OutsideEnd, text: Texts): OutsideEnd {
  if (end.kind === 'url') return { ...end, url: text('TO') ?? end.url };
  const port = text('SSH_PORT') === '' ? undefined : numberOr(text('SSH_PORT'), end.port);
  return { ...end, host: text('HOST') ?? end.host, port, place: text('PLACE') ?? end.place };
}

const numberOr = <Other extends number | undefined>(text: string | undefined, other: Other): number | Other =>
  text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : other;

/** `tcp:127.0.0.1:2222-10.0.2.15:22` */
function forwardOf(rule: string): SlirpForward | undefined {
  const [, protocol, hostAddress = '', hostPort, guestAddress = '', guestPort] =
    /^(tcp|udp):([\d.]*):(\d+)-([\d.]+):(\d+)$/.exec(rule) ?? [];
  if (protocol !== 'tcp' && protocol !== 'udp') return undefined;
  return { protocol, hostAddress, hostPort: Number(hostPort), guestAddress, guestPort: Number(guestPort) };
}
