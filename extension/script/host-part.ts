import { hostOf, hostsOf, thisHost } from '../lab/hosts/lab-part.ts';
import { vmFiles, wireFiles } from '../lab/layout.ts';
import type { Lab, Vm, Wire } from '../lab/model.ts';
import { quote } from './quote.ts';
import type { Setting } from './settings.ts';

/** Where a VM runs; only labs with hosts have this. */
export const vmHostSettings = ({ hosts }: Lab, vm: Vm): readonly Setting[] =>
  hosts ? [{ name: 'RUNS_ON', value: hostOf(vm), comment: 'one of the hosts; empty: that of the lab file' }] : [];

/** A VM is not started on a host that is not its own; what else is to be done to it is done wherever it runs. */
export function vmGuard(lab: Lab, vm: Vm, script: string): readonly string[] {
  if (!lab.hosts) return [];
  const words = startWords(lab, hostOf(vm), script);
  return [
    `[[ $verb != start ]] || "$here/common.sh" belongs_to "$RUNS_ON" "$run/"${quote(vmFiles(vm.name).pid)} ${quote(vm.name)}${words} || exit`,
  ];
}

/** A wire that two hosts had would be a loop; what hangs on a switch is plugged in by whoever has it. */
export function wireGuard(lab: Lab, wire: Wire, script: string): readonly string[] {
  if (!lab.hosts) return [];
  const host = quote(hostOf(wire));
  const words = startWords(lab, hostOf(wire), script);
  return [
    'case $verb in',
    `  start) "$here/common.sh" belongs_to ${host} "$run/"${quote(wireFiles(wire.name).pid)} ${quote(`Wire ${wire.name}`)}${words} || exit ;;`,
    `  plug) [[ $("$here/common.sh" host_name) = ${host} ]] || exit 3 ;;`,
    'esac',
  ];
}

function startWords({ name: lab, hosts = [] }: Lab, host: string, script: string): string {
  const of = hosts.find(({ name }) => name === host);
  const root = of?.run === undefined ? '' : ` RUN_ROOT=${of.run}`;
  return of ? ` ${quote(`ssh ${of.ssh} ${of.scripts}/${lab}/${script} start${root}`)}` : '';
}

/** Lines of a switch's script that count only for the copy in the middle. */
export function onlyInTheMiddle(lab: Lab, name: string, comment: string, lines: readonly string[]): readonly string[] {
  const it = lab.switches.find(one => one.name === name);
  if (!it || !lab.hosts || lines.length === 0) return lines;
  const [middle = thisHost] = hostsOf(it);
  return [
    `# ${comment} on one host only.`,
    `if [[ $("$here/common.sh" host_name) = ${quote(middle)} ]]; then`,
    ...lines.map(line => (line === '' ? line : `  ${line.replaceAll('\n', '\n  ')}`)),
    'fi',
  ];
}

/** Stems of scripts. */
interface Parts {
  readonly switches: readonly string[];
  readonly wires: readonly string[];
  readonly vms: readonly string[];
}

/**
 * What `lab.sh` begins with in a lab with hosts: which of them this is, what belongs to it, and what else runs on it, which is
 * then stopped with it.
 */
export function hostParts(lab: Lab, partOf: (host?: string) => Parts): readonly string[] {
  const { hosts = [] } = lab;
  const parts = [thisHost, ...hosts.map(({ name }) => name)].flatMap(host => [
    `  ${host === thisHost ? "''" : quote(host)})`,
    ...eachPart(partOf(host), (name, words) => `    ${name}=(${words})`),
    '    ;;',
  ]);
  return [
    ...[settings, 'host=$("$here/common.sh" host_name) || exit 1', '# What belongs to each host.', 'case $host in'],
    ...parts,
    `  *) printf '%s\\n' "This lab has no host $host. It has: ${hosts.map(({ name }) => name).join(' ')}" >&2; exit 2 ;;`,
    'esac',
    `run=$("$here/common.sh" folder ${quote(lab.name)}) || exit 1`,
    visitors,
    ...eachPart(partOf(), (name, words) => `visitors ${name} ${words}`.trim()),
  ];
}

const eachPart = ({ switches, wires, vms }: Parts, line: (name: string, words: string) => string): readonly string[] =>
  Object.entries({ switches, wires, vms }).map(([name, list]) => line(name, list.map(quote).join(' ')));

/** Takes the verb off the arguments. */
export const verbWord = `verb=\${1-start}
(($#)) && shift
`;

const settings = `# HOST=NAME tells which host of the lab this is, RUN_ROOT=DIR where its run-time folders are.
words=()
for word in "$@"; do
  case $word in
    HOST=*) export KVMLAB_HOST=\${word#*=} ;;
    RUN_ROOT=*) export KVMLAB_RUN_ROOT=\${word#*=} ;;
    *) words+=("$word") ;;
  esac
done
set -- "\${words[@]}"
${verbWord}`;

const visitors = `# What runs here and belongs to another host has come from there: it is stopped here too.
visitors() {
  local -n list=$1
  local one
  [[ $verb != start ]] || return
  for one in "\${@:2}"; do [[ ! -e $run/$one.pid || " \${list[*]} " = *" $one "* ]] || list+=("$one"); done
}`;
