import type { Group, Image, Lab, Nic, Pin, Switch, ValueSpans, Vm, Wire } from '../model.ts';
import { isSafeName, longestName, shown } from '../names.ts';
import { resolveDisks } from './read-image.ts';
import { isUrl, outsideName, readOutsideEnd } from '../outside.ts';
import { joinEnd, placeLab, type Join, type Placement } from '../hosts/placement.ts';
import type { LabHost } from '../hosts/lab-host.ts';
import { thisHost } from '../hosts/lab-part.ts';
import { planPorts, type PortPlan } from '../ports.ts';
import type { DraftSwitch } from './read-switch.ts';
import type { DraftNic, DraftVm } from './read-vm.ts';
import type { DraftWire } from './read-wire.ts';
import type { Report } from './report.ts';
import { rowNames, withRows, type RowNames } from './row-names.ts';
import type { DefaultSources } from '../setting-source.ts';
import type { TextSpan } from '../text-span.ts';

/** What was read, before names and ports that depend on the whole lab are known. */
export interface Draft {
  readonly name: string;
  /** The value of `name`, else the first key of the file. */
  readonly nameSpan: TextSpan;
  readonly description: string | undefined;
  readonly images: readonly Image[];
  readonly vms: readonly DraftVm[];
  readonly switches: readonly DraftSwitch[];
  readonly wires: readonly DraftWire[];
  readonly groups: readonly Group[];
  readonly hosts: readonly LabHost[];
  readonly pins: readonly Pin[];
  readonly defaultSources: DefaultSources;
  readonly spans: ValueSpans;
}

export function assembleLab(draft: Draft, report: Report): Lab {
  const allNics = draft.vms.flatMap(vm => vm.nics);
  const placement = placeLab(draft);
  const ports = planPorts(draft, allNics, placement.joins, report);
  const vlans = vlansInUse(allNics, draft.wires);
  const rows = rowNames(draft.vms);
  const name = safeName(draft.name);
  if (name !== draft.name) reportName(draft, report);
  const switches = draft.switches.map(one => finishSwitch(one, ports, vlans.get(one.name), placement));
  const joins = (areSpare: boolean): readonly Wire[] =>
    placement.joins.flatMap(join => (join.isSpare === areSpare ? joinWires(name, switches, ports, join) : []));
  const spares = joins(true);
  return {
    name,
    description: draft.description,
    images: draft.images,
    vms: draft.vms.map(vm => ({
      ...vm,
      ...resolveDisks(vm, draft.images, name),
      nics: vm.nics.map(nic => finishNic(nic, ports)),
      ...afterRows(vm, rows),
    })),
    switches,
    wires: [...finishWires(draft.wires, ports, placement), ...joins(false)],
    ...(spares.length > 0 ? { spares } : {}),
    groups: draft.groups,
    pins: draft.pins,
    defaultSources: draft.defaultSources,
    spans: draft.spans,
  };
}

/** The nearest name that is safe as a file name. */
function safeName(name: string): string {
  if (isSafeName(name) && name.length <= longestName) return name;
  const safe = name
    .replace(/[^A-Za-z0-9_.-]+/g, '-')
    .replace(/^[.-]+/, '')
    .slice(0, longestName)
    .replace(/[.-]+$/, '');
  return safe === '' ? 'lab' : safe;
}

function reportName(draft: Draft, report: Report): void {
  const isTooLong = isSafeName(draft.name);
  report(
    isTooLong ? 'name-too-long' : 'bad-name',
    draft.nameSpan,
    isTooLong
      ? `The lab's name has ${draft.name.length} characters; at most ${longestName} fit into the paths of its sockets. Shorten "name:".`
      : `"${shown(draft.name)}" cannot name the lab's folders. Set "name:" to letters, digits, dots, dashes and underscores.`,
  );
}

function finishNic(draft: DraftNic, ports: PortPlan): Nic {
  return { ...draft, port: ports.nics.get(draft) };
}

/** Those that it comes after, with rows written out. */
function afterRows({ after, spans = {} }: DraftVm, rows: RowNames): Pick<Vm, 'after' | 'spans'> {
  if (!after) return {};
  const written = withRows('after', after, spans, rows);
  return { after: written.names, spans: written.spans };
}

function finishSwitch(
  draft: DraftSwitch,
  ports: PortPlan,
  used: ReadonlySet<number> | undefined,
  placement: Placement,
): Switch {
  const { forward, pxe, ...rest } = draft;
  const vlans = [...new Set([...draft.vlans, ...(used ?? [])])].sort((a, b) => a - b);
  const port = ports.slirp.get(draft.name);
  const slirp = forward && port !== undefined ? { port, forward, ...(pxe ? { pxe } : {}) } : undefined;
  const copies = placement.copies.get(draft.name);
  return { ...rest, vlans, slirp, ...(copies ? { copies } : {}) };
}

function vlansInUse(nics: readonly DraftNic[], wires: readonly DraftWire[]): ReadonlyMap<string, ReadonlySet<number>> {
  const used = new Map<string, Set<number>>();
  const add = (name: string, untagged: number | undefined, tagged: readonly number[]): void => {
    const vlans = used.get(name) ?? new Set<number>();
    if (untagged !== undefined) vlans.add(untagged);
    for (const vlan of tagged) vlans.add(vlan);
    used.set(name, vlans);
  };
  for (const nic of nics)
    add(
      nic.switch,
      nic.vlan,
      nic.tagged.map(({ vlan }) => vlan),
    );
  for (const wire of wires) for (const name of wire.between) add(name, wire.vlan, wire.tagged);
  return used;
}

/** `lan-dmz`, then `lan-dmz-2`. Names differ in more than case, because they become files. */
function finishWires(wires: readonly DraftWire[], ports: PortPlan, placement: Placement): readonly Wire[] {
  const used = new Set<string>();
  const counts = new Map<string, number>();
  const nameOf = (base: string): string => {
    const key = base.toLowerCase();
    for (let count = counts.get(key) ?? 1; ; count += 1) {
      const name = count === 1 ? base : `${base}-${count}`;
      if (used.has(name.toLowerCase())) continue;
      used.add(name.toLowerCase());
      counts.set(key, count + 1);
      return name;
    }
  };
  return wires.map(draft => {
    const { between, ...wire } = draft;
    const [from, to] = between;
    const [fromPort, toPort] = ports.wires.get(draft) ?? [undefined, undefined];
    const outside = isUrl(to) ? readOutsideEnd(to) : undefined;
    const name = nameOf(`${from}-${outside ? outsideName(to) : to}`);
    return {
      ...wire,
      name,
      ...onHost(placement.wires.get(draft)),
      ends: [
        { switch: from, port: fromPort },
        { switch: to, port: toPort, ...(typeof outside === 'object' ? { outside } : {}) },
      ],
    };
  });
}

/** It carries all VLANs of its switch. Empty: there is no port for it. */
function joinWires(lab: string, switches: readonly Switch[], ports: PortPlan, join: Join): readonly Wire[] {
  const port = ports.joins.get(join);
  const of = switches.find(({ name }) => name === join.switch.name);
  if (port === undefined || !of) return [];
  const outside = joinEnd(join, lab, port);
  const ends = [
    { switch: of.name, port },
    { switch: outside.url, port: undefined, outside },
  ] as const;
  const own = { name: join.name, ...onHost(join.host), join: join.to.name, ends };
  return [{ ...own, vlan: undefined, tagged: of.vlans, span: of.nameSpan }];
}

const onHost = (host = thisHost): Pick<Wire, 'host'> => (host === thisHost ? {} : { host });
