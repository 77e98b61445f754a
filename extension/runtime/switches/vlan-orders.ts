import { UserError } from '../../base/user-error.ts';
import type { TextEdit } from '../../lab/edits/edit.ts';
import type { IncludedFile, Lab, Switch } from '../../lab/model.ts';
import { pluggedWords, plugsOf, type Plug } from '../../lab/plugs.ts';
import { readLab } from '../../lab/reading/reader.ts';
import { editVlans, type PlugVlans } from '../../lab/edits/vlan-edit.ts';
import type { SwitchCommand } from '../../vde/switch-commands.ts';
import type { Drift, SwitchPicture } from './port-picture.ts';
import { planVlanChange, type PortVlans } from './vlan-change.ts';

/** The VLANs that a port is to have, all of them. */
export interface PortWish extends PortVlans {
  readonly number: number;
  /** Who has the port in the lab file, by the words that the user saw. */
  readonly plug: string | undefined;
}

/** What the switch is to be told so that its ports have these VLANs. */
export function commandsFor(picture: SwitchPicture, wishes: readonly PortWish[]): readonly SwitchCommand<unknown>[] {
  const commands = wishes.flatMap(({ number, untagged, tagged }) =>
    planVlanChange(picture, [number], { untagged, tagged: { only: tagged } }),
  );
  // Several ports may ask for one VLAN that is not there yet.
  return [...new Map(commands.map(command => [command.line, command])).values()];
}

/** The edits that write these VLANs into a lab file. Throws a UserError if a port has no place there. */
export function editsFor(
  text: string,
  name: string,
  wishes: readonly PortWish[],
  included?: readonly IncludedFile[],
): readonly TextEdit[] {
  const plugs = plugsIn(text, name, included);
  return editVlans(
    text,
    wishes.map(({ number, plug: seen, untagged, tagged }) => {
      const plug = plugs.get(number);
      const now = plug && pluggedWords(plug.who);
      if (!plug || now !== seen)
        throw new UserError(
          `The lab file now has ${now ?? 'nobody'} at port ${number} of switch ${name}, and had ${seen ?? 'nobody'}. Look again.`,
        );
      return { who: plug.who, untagged, tagged };
    }),
    undefined,
    included,
  );
}

export interface Adoption {
  readonly edits: readonly TextEdit[];
  /** What a lab file cannot say, in words. */
  readonly left: readonly string[];
}

/** The edits that make a lab file say what runs; of one port only, if it is given. */
export function adoptionOf(
  text: string,
  picture: SwitchPicture,
  port?: number,
  included?: readonly IncludedFile[],
): Adoption {
  const { name } = picture.of;
  const plugs = plugsIn(text, name, included);
  const live = picture.ports.filter(one => port === undefined || one.number === port);
  const wanted = live.flatMap(one => {
    const plug = plugs.get(one.number);
    return plug && plug.who.kind !== 'uplink' && !isSame(one, plug) ? [plugVlans(plug, one)] : [];
  });
  const ofSwitch = port === undefined ? { name, vlans: picture.vlans } : undefined;
  const drift = (picture.drift ?? []).filter(one => port === undefined || one.port === port);
  const left = drift.filter(one => !canAdopt(one, plugs)).map(driftWords);
  return { edits: editVlans(text, wanted, ofSwitch, included), left };
}

/** Whether a lab file can say this. */
export const isAdoptable = ({ kind, port }: Drift, plugged: Plug | undefined): boolean =>
  (port === undefined && kind === 'vlan') ||
  (['untagged', 'tagged'].includes(kind) && plugged !== undefined && plugged.who.kind !== 'uplink');

const canAdopt = (drift: Drift, plugs: ReadonlyMap<number, Plug>): boolean =>
  isAdoptable(drift, drift.port === undefined ? undefined : plugs.get(drift.port));

const driftWords = ({ port, words }: Drift): string => (port === undefined ? words : `port ${port}: ${words}`);

const plugVlans = ({ who }: Plug, { untagged, tagged }: PortVlans): PlugVlans => ({ who, untagged, tagged });

function isSame({ untagged, tagged }: PortVlans, plug: Plug): boolean {
  const says = [...new Set(plug.tagged)].sort((a, b) => a - b);
  return untagged === (plug.vlan ?? 0) && tagged.join() === says.join();
}

/** By port. Ports, names and places are those of this very text, whatever was read before. */
function plugsIn(text: string, name: string, included: readonly IncludedFile[] | undefined): ReadonlyMap<number, Plug> {
  const { lab } = readLab(text, { included });
  const it = lab && switchIn(lab, name);
  if (!lab || !it) throw new UserError(`The lab file has no switch ${name} any more, so nothing was written into it.`);
  return new Map(plugsOf(lab, it).map(plug => [plug.port, plug]));
}

const switchIn = (lab: Lab, name: string): Switch | undefined => lab.switches.find(one => one.name === name);
