import { wireScript } from '../lab/layout.ts';
import type { Lab, Wire } from '../lab/model.ts';
import type { OutsideEnd } from '../lab/outside.ts';
import { wireGuard } from './host-part.ts';
import { quote } from './quote.ts';
import { assemble, type ScriptFile } from './script-file.ts';
import { renderArguments, renderSettings, type Setting } from './settings.ts';
import { folders } from './vm-script.ts';

/** The script of a wire that leaves the lab; undefined while its switch has no port for it. */
export function renderOutsideScript(lab: Lab, wire: Wire, source: string, base: string): ScriptFile | undefined {
  const [from, { outside }] = wire.ends;
  if (from.port === undefined || !outside) return undefined;
  const name = wireScript(wire.name);
  const settings: readonly Setting[] = [
    { name: 'SWITCH1', value: from.switch },
    { name: 'PORT1', value: String(from.port) },
    ...outsideSettings(outside),
  ];
  const there = wire.join === undefined ? 'a switch of another host' : `the same switch on ${wire.join}`;
  const what = outside.kind === 'ssh' ? `${there}, by ssh` : 'what vde_plug reaches';
  return assemble(
    name,
    [
      `Wire ${wire.name} of the lab ${lab.name}: from a switch to ${what}.`,
      `Use: ${name} [start|stop|status|kill|command|plug] [VAR=value …]`,
      `Made by KVM Lab from ${source}. Change the settings as you like; the code below them is written again.`,
    ],
    [
      'set -u',
      '',
      renderSettings(settings),
      '',
      folders(base).split('\n')[0] ?? '',
      renderArguments(settings),
      `run=$("$here/common.sh" folder ${quote(lab.name)}) || exit 1`,
      ...wireGuard(lab, wire, name),
      `exec "$here/common-outside.sh" "$run" "$verb" ${quote(wire.name)} "$SWITCH1" "$PORT1" ${words(wire, outside)}`,
    ],
  );
}

function outsideSettings(outside: OutsideEnd): readonly Setting[] {
  if (outside.kind === 'url') return [{ name: 'TO', value: outside.url, comment: 'as vde_plug(1) takes it' }];
  const { host, port, place } = outside;
  return [
    { name: 'HOST', value: host, comment: 'as ssh takes it; your key has to be let in there' },
    { name: 'SSH_PORT', value: port === undefined ? '' : String(port) },
    { name: 'PLACE', value: place, comment: 'LAB/SWITCH or the path of a switch there' },
    { name: 'SSH_OPTIONS', value: [], comment: 'more options for ssh' },
  ];
}

const words = ({ join }: Wire, { kind }: OutsideEnd): string =>
  kind === 'ssh' ? `${join === undefined ? 'ssh' : 'join'} "$HOST" "$SSH_PORT" "$PLACE" "\${SSH_OPTIONS[@]}"` : '"$TO"';
