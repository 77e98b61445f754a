import { switchScript } from '../lab/layout.ts';
import type { Lab, Switch } from '../lab/model.ts';
import { pluggedWords, plugsOf } from '../lab/plugs.ts';
import { wiresAndSpares } from '../lab/hosts/lab-part.ts';
import { onlyInTheMiddle } from './host-part.ts';
import { quote } from './quote.ts';
import { assemble, type ScriptFile } from './script-file.ts';
import { renderArguments, renderSettings, type Setting } from './settings.ts';
import { renderArray } from './step.ts';
import { tapNeeds, tapSettings, tapVerbs } from './tap.ts';
import { resolvePxeRoot, uplinkSettings, uplinkSteps } from './uplink.ts';
import { folders } from './vm-script.ts';

/** A line of vde_switch's configuration file, and who it is for. */
export interface ConfigurationLine {
  readonly command: string;
  readonly comment: string | undefined;
}

/**
 * What the switch is told before anybody can plug in: VLANs, then one fixed port per NIC, wire and uplink with its VLANs.
 * A port that was created like this is given only to a plug that names it (`port/create`, vde_switch(1)).
 */
export function switchConfiguration(lab: Lab, name: string): readonly ConfigurationLine[] {
  const it = lab.switches.find(one => one.name === name);
  if (!it) return [];
  return [
    ...it.vlans.map(vlan => ({ command: `vlan/create ${vlan}`, comment: undefined })),
    ...plugsOf(lab, it).flatMap(({ port, who, vlan, tagged }) => [
      { command: `port/create ${port}`, comment: pluggedWords(who) },
      ...(vlan === undefined ? [] : [{ command: `port/setvlan ${port} ${vlan}`, comment: undefined }]),
      ...tagged.map(tag => ({ command: `vlan/addport ${tag} ${port}`, comment: undefined })),
    ]),
  ];
}

function switchSettings(it: Switch): readonly Setting[] {
  return [
    { name: 'PORTS', value: String(it.ports), comment: 'usable ports' },
    { name: 'STP', value: it.stp ? 'yes' : 'no', comment: 'spanning tree (fstp)' },
    { name: 'PRIORITY', value: String(it.stp?.priority ?? 32_768), comment: 'the lowest becomes root of the tree' },
    ...tapSettings(it.tap),
    ...uplinkSettings(it),
  ];
}

export function renderSwitchScript(lab: Lab, it: Switch, source: string, base: string): ScriptFile {
  const settings = switchSettings(it);
  const name = switchScript(it.name);
  const about = [
    `Switch ${it.name} of the lab ${lab.name}: one vde_switch process.${it.tap ? ' Making its tap needs root.' : ' Needs no root.'}`,
    `Use: ${name} [start|stop|restart|status|kill|command] [VAR=value …]`,
    ...(it.tap ? [`For the host: ${name} [${tapVerbs}]`] : []),
    `Made by KVM Lab from ${source}. Change the settings as you like; the code below them is written again.`,
  ];
  return assemble(name, about, [
    'set -u',
    '',
    renderSettings(settings),
    '',
    it.slirp?.pxe ? folders(base) : (folders(base).split('\n')[0] ?? ''),
    renderArguments(settings),
    ...(it.slirp?.pxe ? resolvePxeRoot : []),
    `run=$("$here/common.sh" folder ${quote(lab.name)}) || exit 1`,
    '',
    '# What the switch is told before anybody plugs in.',
    'configuration=(',
    ...switchConfiguration(lab, it.name).map(({ command, comment }) =>
      comment ? `  ${quote(command).padEnd(24)} # ${comment}` : `  ${quote(command)}`,
    ),
    ')',
    ...callCommon(lab, it),
  ]);
}

const uplinkNeeds = (it: Switch): readonly string[] =>
  it.slirp
    ? [
        'forward=',
        'for rule in "${FORWARD[@]}"; do forward+=",hostfwd=$rule"; needs+=(--forward "$rule"); done',
        ...(it.slirp.pxe ? ['needs+=(--pxe "$PXE_ROOT" "$PXE_FILE")'] : []),
        renderArray('uplink', uplinkSteps(it, it.slirp)),
        'needs+=(--uplink "${uplink[@]}")',
      ]
    : [];

function callCommon(lab: Lab, it: Switch): readonly string[] {
  const vms = lab.vms.filter(vm => vm.id !== undefined && vm.nics.some(nic => nic.switch === it.name));
  const wires = wiresAndSpares(lab).filter(wire => wire.ends.some(end => end.switch === it.name));
  return [
    'needs=()',
    'for line in "${configuration[@]}"; do needs+=(--line "$line"); done',
    '[[ $STP = yes ]] && needs+=(--option -F --option --priority --option "$PRIORITY")',
    ...onlyInTheMiddle(lab, it.name, 'Its tap is', it.tap ? [tapNeeds] : []),
    ...(wires.length + vms.length > 0 ? ['# Who is plugged in again when the switch was started.'] : []),
    ...wires.map(wire => `needs+=(--wire ${quote(wire.name)})`),
    ...vms.map(vm => `needs+=(--vm ${quote(vm.name)})`),
    ...onlyInTheMiddle(lab, it.name, 'Its uplink is', uplinkNeeds(it)),
    `exec "$here/common-switch.sh" "$run" "$verb" ${quote(it.name)} "$PORTS" "\${needs[@]}"`,
  ];
}
