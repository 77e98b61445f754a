import { UserError } from '../base/user-error.ts';
import type { SwitchPicture } from '../runtime/switches/port-picture.ts';
import { chooseSwitch } from '../runtime/switches/switch-choice.ts';
import { managementOf } from '../runtime/switches/switch-reader.ts';
import { planVlanChange, portVlanWords, tellSwitch } from '../runtime/switches/vlan-change.ts';
import { fixesOf } from '../runtime/switches/vlan-drift.ts';
import { readPorts, readTagged, readUntagged, type VlanChange } from '../runtime/switches/vlan-words.ts';
import { UsageError } from './arguments.ts';
import { exitCodes, type CliPorts, type Command, type ExitCode } from './command.ts';
import { nicsOf } from './ethlist.ts';
import { openSoundLab } from './lab-file.ts';
import { pictureOf } from './switch-picture.ts';
import { printable } from './text-table.ts';

const details = [
  'Without a setting it prints what is; with one it sets it live and prints what is then.',
  '"untagged none" is no VLAN. "tagged +10,-20" changes some; "tagged 10,20" and "tagged none" set',
  'all of them.',
  'It lasts until the switch is started again. Exit code 3: it was so already.',
];

export const vlanCommand: Command = {
  name: 'vlan-vdecfg',
  operands: 'SWITCH PORT [untagged N] [tagged +N,-M]',
  summary: 'Show or set the VLANs of ports of a running switch',
  details: ['PORT is a number, a range 3-7, or a list 1,3-5.', ...details],
  options: [],
  maxOperands: 6,
  async run({ operands }, ports) {
    const [name, port, ...settings] = operands;
    if (name === undefined || port === undefined) throw new UsageError('Which switch, and which port of it?');
    const change = readSettings(settings);
    await ports.watcher.poll();
    const of = chooseSwitch(name, ports.store.host.switches);
    const picture = await pictureOf(of, undefined, ports);
    return showOrSet(picture, readPorts(port, picture.facts.ports ?? of.ports), change, ports);
  },
};

export const nameVlanCommand: Command = {
  name: 'name-vlan-vdecfg',
  operands: 'VM NIC [untagged N] [tagged +N,-M]',
  summary: 'Show or set the VLANs of the port where a NIC of a running VM hangs',
  details: ['NIC is its number, counted from 1.', ...details],
  options: [],
  maxOperands: 6,
  async run({ operands }, ports) {
    const [name, number, ...settings] = operands;
    if (name === undefined || number === undefined) throw new UsageError('Which VM, and which NIC of it?');
    const change = readSettings(settings);
    const { vm, nics } = await nicsOf(name, ports);
    const nic = nics.find(one => String(one.number) === number);
    const numbers = nics.map(one => one.number ?? '?').join(', ');
    if (!nic) throw new UserError(`VM ${vm} has no NIC ${number}. It has: ${numbers || 'none'}.`);
    if (!nic.plug) throw new UserError(`NIC ${number} of ${vm} is not plugged into a switch that can be asked.`);
    return showOrSet(nic.plug.picture, [nic.plug.port.number], change, ports);
  },
};

function readSettings(words: readonly string[]): VlanChange | undefined {
  const given = new Map<string, string>();
  for (let at = 0; at < words.length; at += 2) {
    const [key = '', value] = words.slice(at, at + 2);
    if (key !== 'untagged' && key !== 'tagged') throw new UsageError(`"${key}" is neither "untagged" nor "tagged".`);
    if (value === undefined)
      throw new UsageError(`"${key}" needs a value, such as ${key === 'tagged' ? '+10,-20' : '10'}.`);
    given.set(key, value);
  }
  const [untagged, tagged] = [given.get('untagged'), given.get('tagged')];
  if (given.size === 0) return undefined;
  return {
    untagged: untagged === undefined ? undefined : readUntagged(untagged),
    tagged: tagged === undefined ? undefined : readTagged(tagged),
  };
}

async function showOrSet(
  picture: SwitchPicture,
  numbers: readonly number[],
  change: VlanChange | undefined,
  ports: CliPorts,
): Promise<ExitCode> {
  const { of } = picture;
  const commands = change ? planVlanChange(picture, numbers, change) : [];
  if (commands.length > 0) await tellSwitch(ports.management, of.name, managementOf(of), commands, ports.signal);
  const after = commands.length > 0 ? await pictureOf(of, undefined, ports) : picture;
  for (const number of numbers) {
    const words = portVlanWords(
      of,
      number,
      after.ports.find(port => port.number === number),
    );
    ports.out(printable(`${words[0]?.toUpperCase() ?? ''}${words.slice(1)}`) + '\n');
  }
  return change && commands.length === 0 ? exitCodes.already : exitCodes.done;
}

export const vlanApplyCommand: Command = {
  name: 'vlan-apply',
  operands: 'FILE [SWITCH]',
  summary: 'Make running switches as their lab file says, live',
  details: ['VLANs, ports, spanning tree. Without SWITCH: all that run. Exit code 3: they were so already.'],
  options: [],
  maxOperands: 2,
  async run({ operands }, ports) {
    const [file, name] = operands;
    if (file === undefined) throw new UsageError('Which lab file?');
    const { lab } = await openSoundLab(file, ports);
    if (name !== undefined && !lab.switches.some(one => one.name === name))
      throw new UsageError(`Lab ${lab.name} has no switch ${name}.`);
    await ports.watcher.poll();
    const running = ports.store.host.switches.filter(
      one => one.lab === lab.name && lab.switches.some(it => it.name === one.name && (name ?? it.name) === it.name),
    );
    if (running.length === 0)
      throw new UserError(
        name === undefined ? `No switch of lab ${lab.name} runs.` : `Switch ${name} of lab ${lab.name} does not run.`,
      );
    let told = 0;
    for (const of of running) {
      const { drift = [] } = await pictureOf(of, lab, ports);
      await tellSwitch(ports.management, of.name, managementOf(of), fixesOf(drift), ports.signal);
      for (const one of drift) {
        const where = one.port === undefined ? '' : `port ${one.port}: `;
        const done = one.fix.length > 0 ? 'made as the file says' : 'stays; it needs more than a word to the switch';
        ports.out(printable(`Switch ${of.name}: ${where}${one.words} – ${done}`) + '\n');
      }
      told += fixesOf(drift).length;
    }
    return told === 0 ? exitCodes.already : exitCodes.done;
  },
};
