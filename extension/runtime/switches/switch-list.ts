import { portWords } from '../views/port-words.ts';
import type { PortPicture, SwitchPicture } from './port-picture.ts';
import { pidOf, type LabSnapshot, type RunningSwitch, type ThingRef } from '../state.ts';
import { joined } from '../views/tree-node.ts';
import { vlansOf } from './vlan-words.ts';

/** One line of a pick list of switches that run and can be asked. */
export interface ListedSwitch {
  readonly of: RunningSwitch;
  readonly label: string;
  readonly description: string;
}

export const listSwitches = (switches: readonly RunningSwitch[]): readonly ListedSwitch[] =>
  switches
    .filter(of => of.management !== undefined)
    .map(of => {
      return { of, label: of.name, description: of.lab === undefined ? `no lab · ${of.socket}` : `lab ${of.lab}` };
    });

export interface ListedPort {
  readonly number: number;
  readonly label: string;
  readonly description: string;
}

export const listPorts = ({ ports }: SwitchPicture): readonly ListedPort[] =>
  ports.map(port => ({ number: port.number, label: `port ${port.number}`, description: portWords(port) }));

/** The process of a lab's switch, if it runs. */
export function runningSwitch(
  thing: ThingRef,
  labs: readonly LabSnapshot[],
  switches: readonly RunningSwitch[],
): RunningSwitch | undefined {
  const states = thing.kind === 'switch' ? labs.find(one => one.path === thing.lab)?.switches : undefined;
  const pid = pidOf(states?.get(thing.name));
  return switches.find(one => one.pid === pid);
}

/** `port 3 of switch lan` and `ports 3, 4 of switch lan`. */
export const portsTitle = (of: RunningSwitch, numbers: readonly number[]): string =>
  `port${numbers.length === 1 ? '' : 's'} ${numbers.join(', ')} of switch ${of.name}`;

/** What an input box offers: the value that all these ports have; empty if they differ. */
export function commonVlans(ports: readonly PortPicture[]): { readonly untagged: string; readonly tagged: string } {
  const untagged = new Set(ports.map(port => String(port.untagged || 'none')));
  const tagged = new Set(ports.map(port => port.tagged.join(', ') || 'none'));
  const only = (values: ReadonlySet<string>): string => (values.size === 1 ? ([...values][0] ?? '') : '');
  return { untagged: only(untagged), tagged: only(tagged) };
}

/** What is told when it is done. */
export const vlansNow = (of: RunningSwitch, ports: readonly PortPicture[]): string =>
  joined(
    portsTitle(
      of,
      ports.map(port => port.number),
    ),
    ...new Set(ports.map(vlansOf)),
  );
