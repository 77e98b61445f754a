import { UserError } from '../../base/user-error.ts';
import type { LabHost } from '../../lab/hosts/lab-host.ts';
import type { Lab } from '../../lab/model.ts';
import type { FarThings, RunningFar } from '../state.ts';
import { readOperand, subjectWords, type CaptureSubject } from './capture-target.ts';

/**
 * Something on another host of a lab that is captured at a switch there, as all that is needed of that is the switch's
 * management socket: of a NIC that is what goes through its port.
 */
export interface FarCaptureTarget {
  readonly subject: CaptureSubject;
  readonly host: LabHost;
  readonly switch: string;
  /** Undefined: the whole switch. */
  readonly port: number | undefined;
}

const lists = { vm: 'vms', switch: 'switches', wire: 'wires' } as const;

/** Finds what the words mean among what runs of the lab elsewhere, on the host `place` if it is given. Undefined: nothing there. */
export function findFarCapture(
  text: string,
  lab: Lab,
  things: FarThings,
  place: string | undefined,
): FarCaptureTarget | undefined {
  const { kind, name, number } = readOperand(text);
  const own = name.startsWith(`${lab.name}/`) ? name.slice(lab.name.length + 1) : name;
  const wanted = (Object.keys(lists) as (keyof typeof lists)[]).filter(one => kind === undefined || kind === one);
  const found = wanted.flatMap(one =>
    things[lists[one]].filter(thing => isMeant(thing, own, place)).map(thing => ({ kind: one, far: thing.far })),
  );
  const kinds = [...new Set(found.map(one => one.kind))];
  if (kinds.length > 1) throw new UserError(`${name} may be ${kinds.map(one => `${one}:${name}`).join(' or ')}.`);
  const [first, second] = found;
  if (!first) return undefined;
  if (second) {
    const names = found.map(({ far }) => far.host).join(', ');
    throw new UserError(`${name} is on several hosts: ${names}. Say which: --host ${first.far.host}`);
  }
  const host = lab.hosts?.find(one => one.name === first.far.host);
  return host && { host, ...whereOf(first.kind, own, number, lab) };
}

const isMeant = (thing: RunningFar, name: string, place: string | undefined): boolean =>
  thing.name === name && (place === undefined || thing.far.host === place);

function whereOf(
  kind: keyof typeof lists,
  name: string,
  number: number | undefined,
  lab: Lab,
): Omit<FarCaptureTarget, 'host'> {
  const subject = { lab: lab.name, name, number: number ?? 0 };
  if (kind === 'vm') return ofNic(name, number, lab);
  if (kind === 'switch') {
    const { ports = 0 } = lab.switches.find(one => one.name === name) ?? {};
    if (number !== undefined && (number < 1 || number > ports))
      throw new UserError(`Switch ${name} has the ports 1 to ${ports}.`);
    return { subject: { ...subject, kind: number === undefined ? 'switch' : 'port' }, switch: name, port: number };
  }
  // A wire has no door of its own: what goes over it goes through the port at its first end.
  const [end] = lab.wires.find(one => one.name === name)?.ends ?? [];
  if (end?.port === undefined) throw new UserError(`Wire ${name} cannot be captured: its port is not known.`);
  return { subject: { ...subject, kind: 'wire', number: 0 }, switch: end.switch, port: end.port };
}

function ofNic(name: string, number: number | undefined, lab: Lab): Omit<FarCaptureTarget, 'host'> {
  const { nics = [] } = lab.vms.find(one => one.name === name) ?? {};
  const [first, second] = nics;
  if (!first) throw new UserError(`${name} has no NIC.`);
  const all = nics.map(nic => `${name}:${nic.number}`).join(', ');
  if (number === undefined && second) throw new UserError(`Which NIC of ${name}? It has: ${all}.`);
  const nic = number === undefined ? first : nics.find(one => one.number === number);
  if (!nic) throw new UserError(`${name} has no NIC ${number ?? 1}. It has: ${all}.`);
  const subject: CaptureSubject = { kind: 'nic', lab: lab.name, name, number: nic.number };
  if (nic.port === undefined)
    throw new UserError(`${subjectWords(subject)} cannot be captured: its port of switch ${nic.switch} is not known.`);
  return { subject, switch: nic.switch, port: nic.port };
}
