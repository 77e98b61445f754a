import type { SwitchPicture } from '../runtime/switches/port-picture.ts';
import { ownerWords, roleWords } from '../runtime/views/port-words.ts';
import { isEdge, planStp, stpWords, treeLines, type StpChange } from '../runtime/switches/spanning-tree.ts';
import { chooseSwitch } from '../runtime/switches/switch-choice.ts';
import { managementOf } from '../runtime/switches/switch-reader.ts';
import { tellSwitch } from '../runtime/switches/vlan-change.ts';
import { readPorts } from '../runtime/switches/vlan-words.ts';
import { UsageError } from './arguments.ts';
import { exitCodes, jsonOption, printJson, type Command } from './command.ts';
import { treeEntry } from './portlist.ts';
import { pictureOf } from './switch-picture.ts';
import { printable, renderTable } from './text-table.ts';

export const stpCommand: Command = {
  name: 'stp',
  operands: 'SWITCH [on|off] [edge PORTS] [no-edge PORTS]',
  summary: 'Show or set the spanning tree of a running switch',
  details: [
    'PORTS is a number, a range 3-7, or a list 1,3-5. An edge port, where VMs and no switches hang,',
    'forwards at once. It lasts until the switch is started again. The priority is fixed when a switch',
    'starts: set "stp: { priority: N }" in the lab file and restart it. Exit code 3: it was so already.',
    'With --json: {switch, lab, on, priority, trees: [{vlan, isRoot, root, rootPort, cost}], ports:',
    '[{port, who, roles, states, edge}]}; roles and states by VLAN.',
  ],
  options: [jsonOption],
  maxOperands: 6,
  async run({ operands: [name, ...words], options }, ports) {
    if (name === undefined) throw new UsageError('The spanning tree of which switch?');
    await ports.watcher.poll();
    const of = chooseSwitch(name, ports.store.host.switches);
    const picture = await pictureOf(of, undefined, ports);
    const commands = planStp(picture, readChange(words, picture.facts.ports ?? of.ports));
    if (commands.length > 0) await tellSwitch(ports.management, of.name, managementOf(of), commands, ports.signal);
    const now = commands.length > 0 ? await pictureOf(of, undefined, ports) : picture;
    if (options.has('json')) printJson(entryOf(now), ports);
    else ports.out(render(now));
    return words.length > 0 && commands.length === 0 ? exitCodes.already : exitCodes.done;
  },
};

function readChange(words: readonly string[], most: number): StpChange {
  const change: { isOn?: boolean; edge?: readonly number[]; noEdge?: readonly number[] } = {};
  for (let at = 0; at < words.length; at += 1) {
    const [word, value] = words.slice(at, at + 2);
    if (word === 'on' || word === 'off') {
      change.isOn = word === 'on';
      continue;
    }
    if (word !== 'edge' && word !== 'no-edge')
      throw new UsageError(`"${word ?? ''}" is none of "on", "off", "edge", "no-edge".`);
    if (value === undefined) throw new UsageError(`"${word}" needs ports, such as 1-4.`);
    change[word === 'edge' ? 'edge' : 'noEdge'] = readPorts(value, most);
    at += 1;
  }
  return change;
}

const inUse = ({ ports }: SwitchPicture) => ports.filter(port => port.isActive);

const entryOf = (picture: SwitchPicture) => ({
  switch: picture.of.name,
  lab: picture.of.lab ?? null,
  on: picture.stp.isOn,
  priority: picture.stp.priority ?? null,
  trees: picture.trees.map(treeEntry),
  ports: inUse(picture).map(port => ({
    port: port.number,
    who: port.owners.map(ownerWords).join(' and '),
    roles: Object.fromEntries(port.roles),
    states: Object.fromEntries(port.states),
    edge: isEdge(port),
  })),
});

function render(picture: SwitchPicture): string {
  const { of, stp } = picture;
  const head = `Switch ${printable(of.name)}: ${stpWords(picture) ?? 'no spanning tree'}, priority ${stp.priority ?? '?'}\n`;
  if (!stp.isOn) return head;
  const rows = inUse(picture).map(port => [
    port.number,
    port.owners.map(ownerWords).join(' and '),
    roleWords(port),
    [...new Set([...port.states.values()].map(state => state.toLowerCase()))].join(', '),
  ]);
  const lines = treeLines(picture).map(line => `${line}\n`);
  return [head, ...lines, ...(rows.length > 0 ? [renderTable(['PORT', 'WHO', 'ROLE', 'STATE'], rows)] : [])].join('');
}
