import type { CancelSignal } from '../../base/cancel.ts';
import { UserError } from '../../base/user-error.ts';
import { switchCommands, type SwitchCommand } from '../../vde/switch-commands.ts';
import type { ManagementDialer } from '../host.ts';
import type { PortPicture, SwitchPicture } from './port-picture.ts';
import { askSwitch } from './switch-look.ts';
import { vlansOf, type VlanChange } from './vlan-words.ts';

/** Anything that has VLANs as a port has them. */
export interface PortVlans {
  readonly untagged: number;
  /** Ascending. */
  readonly tagged: readonly number[];
}

/** What the switch is to be told so that these ports get these VLANs. Throws a UserError if that makes no sense. */
export function planVlanChange(
  picture: Pick<SwitchPicture, 'ports' | 'vlans'> & { readonly of: { readonly name: string } },
  ports: readonly number[],
  change: VlanChange,
): readonly SwitchCommand<unknown>[] {
  const vlans = new Set<number>();
  const commands = ports.flatMap(number => {
    const port = picture.ports.find(one => one.number === number);
    const then = changed(port ?? noVlans, change, `Port ${number} of switch ${picture.of.name}`);
    for (const vlan of [then.untagged, ...then.tagged]) vlans.add(vlan);
    return [...(port ? [] : makePort(number)), ...portCommands(number, port ?? noVlans, then)];
  });
  const missing = [...vlans].filter(vlan => vlan !== 0 && !picture.vlans.includes(vlan)).sort((a, b) => a - b);
  return [...missing.map(vlan => switchCommands.createVlan(vlan)), ...commands];
}

const noVlans: PortVlans = { untagged: 0, tagged: [] };

/** A port where nobody ever hung is not there yet. Once made, it stays free for everybody, as it was. */
const makePort = (port: number): readonly SwitchCommand<unknown>[] => [
  switchCommands.createPort(port),
  switchCommands.setAllocatable(port, true),
];

/** The VLANs of a port after the change. Throws a UserError if one would be there both with and without its tag. */
function changed(now: PortVlans, { untagged, tagged }: VlanChange, port: string): PortVlans {
  const then = untagged ?? now.untagged;
  const all = tagged && 'only' in tagged ? tagged.only : [...now.tagged, ...(tagged?.add ?? [])];
  const removed = tagged && 'remove' in tagged ? tagged.remove : [];
  const tags = [...new Set(all)].filter(vlan => !removed.includes(vlan)).sort((a, b) => a - b);
  const isAsked = tagged && ('only' in tagged ? tagged.only : tagged.add).includes(then);
  if (isAsked || (untagged === undefined && tags.includes(then)))
    throw new UserError(`${port} would have VLAN ${then} both untagged and tagged. Take one of them off.`);
  // To give a port a VLAN without its tag takes the tag off: that is how VDE does it.
  return { untagged: then, tagged: tags.filter(vlan => vlan !== then) };
}

/** Tags after the untagged VLAN, as that takes its tag off; to take it off again would be refused. */
function portCommands(port: number, now: PortVlans, then: PortVlans): readonly SwitchCommand<unknown>[] {
  return [
    ...(now.untagged === then.untagged ? [] : [switchCommands.setUntagged(port, then.untagged)]),
    ...now.tagged
      .filter(vlan => vlan !== then.untagged && !then.tagged.includes(vlan))
      .map(vlan => switchCommands.removeTag(vlan, port)),
    ...then.tagged.filter(vlan => !now.tagged.includes(vlan)).map(vlan => switchCommands.addTag(vlan, port)),
  ];
}

/** Tells a switch one thing after the other, and stops at the first refusal. */
export async function tellSwitch(
  dialer: ManagementDialer,
  name: string,
  management: string,
  commands: readonly SwitchCommand<unknown>[],
  signal?: CancelSignal,
): Promise<void> {
  for (const [at, command] of commands.entries()) {
    try {
      await askSwitch(dialer, management, command, signal);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      const done = at === 0 ? 'Nothing was changed' : `${at} of ${commands.length} changes were made before that`;
      throw new UserError(`Switch ${name}: ${error.message} ${done}.`, [], { cause: error });
    }
  }
}

/** `port 3 of switch lan: untagged 10 · tagged 20` */
export const portVlanWords = (of: { readonly name: string }, number: number, port: PortPicture | undefined): string =>
  `port ${number} of switch ${of.name}: ${vlansOf(port ?? noVlans)}`;
