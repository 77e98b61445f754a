import { wireScript } from '../lab/layout.ts';
import type { Lab, Wire } from '../lab/model.ts';
import { faultOrders, faultSettings } from './fault-settings.ts';
import { wireGuard } from './host-part.ts';
import { quote } from './quote.ts';
import { assemble, type ScriptFile } from './script-file.ts';
import { renderArguments, renderSettings, type Setting } from './settings.ts';
import { folders } from './vm-script.ts';

/** The script of a wire; undefined while one of its ends has no port. */
export function renderWireScript(lab: Lab, wire: Wire, source: string, base: string): ScriptFile | undefined {
  const [a, b] = wire.ends;
  if (a.port === undefined || b.port === undefined) return undefined;
  const name = wireScript(wire.name);
  const settings: readonly Setting[] = [
    { name: 'SWITCH1', value: a.switch },
    { name: 'PORT1', value: String(a.port) },
    { name: 'SWITCH2', value: b.switch },
    { name: 'PORT2', value: String(b.port) },
    ...(wire.faults ? faultSettings(wire.faults) : []),
  ];
  const carries = [
    ...(wire.vlan === undefined ? [] : [`VLAN ${wire.vlan} untagged`]),
    ...(wire.tagged.length > 0 ? [`VLAN ${wire.tagged.join(', ')} tagged`] : []),
  ];
  const about = [
    `Wire ${wire.name} of the lab ${lab.name}: ${wire.faults ? 'wirefilter between two plugs of' : 'one vde_plug process between'} two switches${carries.length > 0 ? ` (${carries.join(', ')})` : ''}.`,
    `Use: ${name} [start|stop|status|kill|command|plug] [VAR=value …]`,
    `Made by KVM Lab from ${source}. Change the settings as you like; the code below them is written again.`,
  ];
  return assemble(name, about, [
    'set -u',
    '',
    renderSettings(settings),
    '',
    folders(base).split('\n')[0] ?? '',
    renderArguments(settings),
    ...(wire.faults ? ['# Orders for wirefilter(1).', `faults=(${faultOrders().join(' ')})`] : []),
    `run=$("$here/common.sh" folder ${quote(lab.name)}) || exit 1`,
    ...wireGuard(lab, wire, name),
    `exec "$here/common-wire.sh" "$run" "$verb" ${quote(wire.name)} "$SWITCH1" "$PORT1" "$SWITCH2" "$PORT2"${wire.faults ? ' "${faults[@]}"' : ''}`,
  ]);
}
