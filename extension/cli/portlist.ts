import { ownerWords } from '../runtime/views/port-words.ts';
import { presentOwners, type PortOwner } from '../runtime/switches/port-owner.ts';
import type { PortPicture, SwitchPicture } from '../runtime/switches/port-picture.ts';
import { isEdge } from '../runtime/switches/spanning-tree.ts';
import { pluggedWords } from '../lab/plugs.ts';
import { chooseSwitch } from '../runtime/switches/switch-choice.ts';
import type { SpanningTree } from '../vde/switch-tables.ts';
import { UsageError } from './arguments.ts';
import { exitCodes, jsonOption, printJson, type Command } from './command.ts';
import { findLab, pictureOf } from './switch-picture.ts';
import { printable, renderTable } from './text-table.ts';

export const portlistCommand: Command = {
  name: 'portlist',
  operands: 'SWITCH',
  summary: 'List the ports of a running switch: who is there, VLANs, traffic',
  details: [
    'SWITCH is a name, LAB/NAME, or the path of its sockets. Says how it differs from its lab file.',
    'With --json: {switch, lab, pid, socket, labFile, hub, stp, priority, trees: [{vlan, isRoot, root,',
    'rootPort, cost}], vlans, ports: [{port, active, owners: [{kind, name, lab, nic, pid, program, uid,',
    'text}], untagged, tagged, states, roles, edge, macs, in, out, rate, planned, differs}], differs};',
    'differs is null if the lab file is not known. States and roles in the spanning tree are by VLAN.',
    'Traffic as the switch counts it: in came from the port.',
  ],
  options: [jsonOption, { name: 'rate', summary: 'Look twice, a second apart, and give the traffic per second' }],
  maxOperands: 1,
  async run({ operands, options }, ports) {
    const [name] = operands;
    if (name === undefined) throw new UsageError('Ports of which switch?');
    await ports.watcher.poll();
    const of = chooseSwitch(name, ports.store.host.switches);
    const found = await findLab(of.lab, ports);
    const picture = await pictureOf(of, found?.lab, ports, options.has('rate') ? 1000 : 0);
    if (options.has('json')) printJson({ ...switchEntry(picture), labFile: found?.path ?? null }, ports);
    else ports.out(renderPorts(picture, options.has('rate')));
    return exitCodes.done;
  },
};

const switchEntry = ({ of, facts, stp, trees, vlans, ports, drift }: SwitchPicture) => ({
  switch: of.name,
  lab: of.lab ?? null,
  pid: of.pid,
  socket: of.socket,
  labFile: null,
  hub: facts.isHub,
  stp: stp.isOn,
  priority: stp.priority ?? null,
  trees: trees.map(treeEntry),
  vlans,
  ports: ports.map(portEntry),
  differs: drift?.filter(one => one.port === undefined).map(one => one.words) ?? null,
});

/** Of its root: `PRIORITY:MAC`, eight bytes in hexadecimal digits. */
export const treeEntry = ({ vlan, isRoot, root, rootPort, cost }: SpanningTree) => {
  return { vlan, isRoot, root, rootPort: rootPort ?? null, cost };
};

const portEntry = (port: PortPicture) => ({
  port: port.number,
  active: port.isActive,
  owners: port.owners.map(ownerEntry),
  untagged: port.untagged,
  tagged: port.tagged,
  states: Object.fromEntries(port.states),
  roles: Object.fromEntries(port.roles),
  edge: isEdge(port),
  macs: port.macs.map(({ mac, vlan, ageSeconds }) => ({ mac, vlan, age: ageSeconds })),
  in: port.received ?? null,
  out: port.sent ?? null,
  rate: port.rate ? { in: port.rate.received, out: port.rate.sent } : null,
  planned: port.planned ? pluggedWords(port.planned.who) : null,
  differs: port.drift.map(one => one.words),
});

function ownerEntry(owner: PortOwner) {
  const named = {
    name: 'name' in owner ? owner.name : owner.kind === 'tap' ? owner.interface : null,
    lab: owner.kind === 'vm' ? (owner.lab ?? null) : null,
    nic: owner.kind === 'vm' ? (owner.nic ?? null) : null,
    pid: 'pid' in owner ? (owner.pid ?? null) : null,
  };
  const stranger = owner.kind === 'stranger' ? owner : undefined;
  const process = { program: stranger?.program ?? null, uid: stranger?.uid ?? null };
  return { kind: owner.kind, ...named, ...process, text: ownerWords(owner) };
}

/** In parentheses: who should be there, and is not. */
function whoWords({ owners, planned }: PortPicture): string {
  const isThere = presentOwners(owners).length > 0;
  const missing = planned && !isThere ? [`(${pluggedWords(planned.who)})`] : [];
  return [...missing, ...owners.map(ownerWords)].join(' and ');
}

function renderPorts({ of, ports, drift }: SwitchPicture, isRate: boolean): string {
  const unit = isRate ? ' B/s' : ' BYTES';
  const rows = ports.map(port => {
    const { rate } = port;
    const [inward, outward] = isRate ? [rate?.received, rate?.sent] : [port.received, port.sent];
    return [
      port.number,
      whoWords(port),
      port.untagged || undefined,
      port.tagged.join(','),
      port.macs.map(({ mac }) => mac).join(' '),
      inward && Math.round(inward.bytes),
      outward && Math.round(outward.bytes),
      port.drift.map(one => one.words).join('; '),
    ];
  });
  const header = ['PORT', 'WHO', 'UNTAGGED', 'TAGGED', 'MAC ADDRESSES SEEN', `IN${unit}`, `OUT${unit}`, 'LAB FILE'];
  const notes = drift?.filter(one => one.port === undefined || !ports.some(port => port.number === one.port)) ?? [];
  return [
    rows.length === 0 ? `Switch ${printable(of.name)} has no ports in use.\n` : renderTable(header, rows),
    ...notes.map(({ port, words }) => {
      const where = port === undefined ? '' : `port ${port} `;
      return `Differs from the lab file: ${where}${words}\n`;
    }),
  ].join('');
}
