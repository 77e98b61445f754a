import { labScript, switchScript, vmScript, wireScript } from '../lab/layout.ts';
import type { Lab } from '../lab/model.ts';
import { quote } from './quote.ts';
import { assemble, type ScriptFile } from './script-file.ts';

/** `lab.sh`: the verbs for everything at once, by calling the other scripts. */
export function renderLabScript(lab: Lab, source: string): ScriptFile {
  const stem = (script: string): string => script.replace(/\.sh$/, '');
  const about = [
    `The whole lab ${lab.name}: calls the other scripts of this folder.`,
    `Use: ${labScript} [start|stop|status|kill] [VM …]   (with VMs: only those; their switches start on demand)`,
    `Made by KVM Lab from ${source}.`,
  ];
  const wires = lab.wires.filter(({ ends }) => ends.every(({ port, outside }) => port !== undefined || outside));
  return assemble(labScript, about, [
    'set -u',
    'here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P) || exit 1',
    list(
      'switches',
      lab.switches.map(({ name }) => stem(switchScript(name))),
    ),
    list(
      'wires',
      wires.map(({ name }) => stem(wireScript(name))),
    ),
    list(
      'vms',
      lab.vms.filter(({ id }) => id !== undefined).map(({ name }) => stem(vmScript(name))),
    ),
    '',
    body,
  ]);
}

const list = (name: string, items: readonly string[]): string => `${name}=(${items.map(quote).join(' ')})`;

const body = `verb=\${1-start}
(($#)) && shift
if (($#)); then
  for vm in "$@"; do
    [[ " \${vms[*]} " = *" $vm "* ]] || { printf '%s\\n' "This lab has no VM $vm. It has: \${vms[*]}" >&2; exit 2; }
  done
  vms=("$@") switches=() wires=()
fi

done=0 already=0 failed=0
# Runs the verb of several scripts at once, but not of hundreds, and counts how they ended.
each() {
  local one pids=()
  for one in "$@"; do
    "$here/$one.sh" "$verb" &
    pids+=("$!")
    ((\${#pids[@]} >= 8)) && { collect "\${pids[0]}"; pids=("\${pids[@]:1}"); }
  done
  for one in "\${pids[@]}"; do collect "$one"; done
}

collect() {
  wait "$1"
  case $? in
    0) done=$((done + 1)) ;;
    3) already=$((already + 1)) ;;
    *) failed=$((failed + 1)) ;;
  esac
}

case $verb in
  start | status) each "\${switches[@]}"; each "\${wires[@]}"; each "\${vms[@]}" ;;
  stop | kill) each "\${vms[@]}"; each "\${wires[@]}"; each "\${switches[@]}" ;;
  *) echo 'Use: lab.sh [start|stop|status|kill] [VM …]' >&2; exit 2 ;;
esac
((failed)) && exit 1
((done == 0 && already > 0)) && exit 3
exit 0`;
