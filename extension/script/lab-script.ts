import { labScript, switchScript, vmScript, wireScript } from '../lab/layout.ts';
import { hostOf, hostsOf, wiresAndSpares } from '../lab/hosts/lab-part.ts';
import type { Lab, Vm, Wire } from '../lab/model.ts';
import { startOrder } from '../lab/start-order.ts';
import { hostParts, verbWord } from './host-part.ts';
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
  const vms = startOrder(lab.vms.filter(({ id }) => id !== undefined));
  const isOrdered = vms.some(({ after }) => after);
  const areWhole = ({ ends }: Wire): boolean => ends.every(({ port, outside }) => port !== undefined || outside);
  const partOf = (host?: string) => ({
    switches: lab.switches.flatMap(one => (isOn(host, hostsOf(one)) ? stem(switchScript(one.name)) : [])),
    wires: (host === undefined ? wiresAndSpares(lab) : lab.wires)
      .filter(areWhole)
      .flatMap(one => (isOn(host, [hostOf(one)]) ? stem(wireScript(one.name)) : [])),
    vms: vms.flatMap(one => (isOn(host, [hostOf(one)]) ? stem(vmScript(one.name)) : [])),
  });
  const all = partOf();
  return assemble(labScript, about, [
    'set -u',
    'here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P) || exit 1',
    ...(lab.hosts
      ? hostParts(lab, partOf)
      : [list('switches', all.switches), list('wires', all.wires), list('vms', all.vms)]),
    ...(isOrdered ? [afterList(vms)] : []),
    '',
    words(isOrdered ? chosenInOrder : 'vms=("$@")', lab.hosts !== undefined),
    '',
    workers,
    '',
    ...(isOrdered ? [startInOrder, ''] : []),
    verbs(isOrdered ? 'start_vms' : 'each "${vms[@]}"'),
  ]);
}

/** Undefined: whatever it is on. */
const isOn = (host: string | undefined, hosts: readonly string[]): boolean =>
  host === undefined || hosts.includes(host);

/** Names of VMs are safe as words. */
function afterList(vms: readonly Vm[]): string {
  const known = new Set(vms.map(({ name }) => name));
  const entries = vms.flatMap(({ name, after = [] }) => {
    const before = after.filter(one => known.has(one));
    return before.length === 0 ? [] : [`  [${name}]=${quote(before.join(' '))}`];
  });
  return [
    '# Those that are to be ready before a VM starts.',
    'declare -A after=(',
    ...entries,
    ') job=() ended=()',
  ].join('\n');
}

const list = (name: string, items: readonly string[]): string => `${name}=(${items.map(quote).join(' ')})`;

const chosenInOrder =
  'all=("${vms[@]}") vms=()\n  for vm in "${all[@]}"; do [[ " $* " = *" $vm "* ]] && vms+=("$vm"); done';

/** Which verb, and of which VMs. `choice`: how the VMs that were named are put into their list. */
const words = (choice: string, hasHosts: boolean): string => `${hasHosts ? '' : verbWord}if (($#)); then
  for vm in "$@"; do
    [[ " \${vms[*]} " = *" $vm "* ]] || { printf '%s\\n' "This ${hasHosts ? 'host' : 'lab'} has no VM $vm. It has: \${vms[*]}" >&2; exit 2; }
  done
  ${choice}
  switches=() wires=()
fi`;

const workers = `done=0 already=0 failed=0
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
  code=$?
  case $code in
    0) done=$((done + 1)) ;;
    3) already=$((already + 1)) ;;
    *) failed=$((failed + 1)) ;;
  esac
}`;

/** Starting when some VMs come after others. */
const startInOrder = `# Starts the VMs in their order, several at once. Those that come after others are held back until these are ready.
start_vms() {
  local vm other
  for vm in "\${vms[@]}"; do
    for other in \${after[$vm]-}; do over "$other"; done
    while (($(jobs -rp | wc -l) >= 8)); do sleep 0.1; done
    held_back "$vm" &
    job[$vm]=$!
  done
  for vm in "\${vms[@]}"; do over "$vm"; done
}

# Waits until the start of a VM is over, and counts it: once, and only if it is one of those that are started.
over() {
  [[ -n \${job[$1]-} && -z \${ended[$1]-} ]] || return 0
  collect "\${job[$1]}"
  ended[$1]=$code
}

# What does not run and is not started now is not waited for.
held_back() {
  local other
  for other in \${after[$1]-}; do
    if [[ -n \${ended[$other]-} ]]; then
      [[ \${ended[$other]} = [03] ]] || { echo "$1 was not started: it comes after $other, which does not run (see above)." >&2; exit 1; }
    else
      "$here/$other.sh" status >/dev/null || continue
    fi
    "$here/$other.sh" ready >/dev/null || { echo "$1 was not started: it comes after $other, which is not ready (see above)." >&2; exit 1; }
  done
  exec "$here/$1.sh" start
}`;

/** `starting`: how VMs are started. */
const verbs = (starting: string): string => `case $verb in
  start) each "\${switches[@]}"; each "\${wires[@]}"; ${starting} ;;
  status) each "\${switches[@]}"; each "\${wires[@]}"; each "\${vms[@]}" ;;
  stop | kill) each "\${vms[@]}"; each "\${wires[@]}"; each "\${switches[@]}" ;;
  *) echo 'Use: lab.sh [start|stop|status|kill] [VM …]' >&2; exit 2 ;;
esac
((failed)) && exit 1
((done == 0 && already > 0)) && exit 3
exit 0`;
