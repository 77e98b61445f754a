import type { Lab } from '../../lab/model.ts';
import { pluggedWords, plugsOf, type Plugged } from '../../lab/plugs.ts';
import type { Problem } from '../../lab/problem.ts';
import { valueSpan } from '../../lab/reading/spans.ts';
import type { TextSpan } from '../../lab/text-span.ts';
import type { Drift, SwitchPicture } from './port-picture.ts';
import { isAdoptable } from './vlan-orders.ts';

/** VLANs are what somebody set; who is plugged in, and how the switch works, is rather a hint. */
export type DriftCode = 'vlan-drift' | 'switch-drift';

/** One way in which a running switch differs from its lab file, at its place there. */
export interface DriftProblem extends Problem<DriftCode> {
  /** The port that it is about; undefined: the switch. */
  readonly port: number | undefined;
  /** Whether the file can say what runs. */
  readonly isAdoptable: boolean;
}

/** In the order of the drift. Empty if no lab file has the switch. */
export function driftProblems(lab: Lab, { of, drift }: SwitchPicture): readonly DriftProblem[] {
  const it = lab.switches.find(one => one.name === of.name);
  if (!it || !drift) return [];
  const plugs = new Map(plugsOf(lab, it).map(plug => [plug.port, plug]));
  return drift.map(one => {
    const plug = one.port === undefined ? undefined : plugs.get(one.port);
    const canAdopt = isAdoptable(one, plug);
    return {
      code: one.kind === 'untagged' || one.kind === 'tagged' || one.kind === 'vlan' ? 'vlan-drift' : 'switch-drift',
      severity: 'warning',
      message: `${subject(of.name, one, plug?.who)}: ${one.words}. ${advice(one, canAdopt)}`,
      span: (plug && placeOf(lab, plug.who, one)) ?? it.nameSpan,
      port: one.port,
      isAdoptable: canAdopt,
    };
  });
}

function subject(name: string, { port }: Drift, who: Plugged | undefined): string {
  if (port === undefined) return `Switch ${name} runs otherwise`;
  return `Port ${port} of switch ${name} runs otherwise${who ? ` (${pluggedWords(who)})` : ''}`;
}

function advice({ fix }: Drift, canAdopt: boolean): string {
  if (canAdopt) return 'Apply the lab file, or adopt what runs.';
  return fix.length > 0 ? 'Apply the lab file.' : 'It cannot be mended by telling the switch.';
}

function placeOf(lab: Lab, who: Plugged, { kind }: Drift): TextSpan | undefined {
  const key = kind === 'tagged' ? 'tagged' : kind === 'untagged' ? 'vlan' : 'switch';
  if (who.kind === 'uplink') return undefined;
  const thing =
    who.kind === 'wire'
      ? lab.wires.find(wire => wire.name === who.wire)
      : lab.vms.find(vm => vm.name === who.vm)?.nics[who.nic - 1];
  return thing && valueSpan(thing, key);
}
