import { vmScript } from '../lab/layout.ts';
import type { Lab, Vm } from '../lab/model.ts';
import { readyOf, type ReadySign } from '../lab/ready.ts';
import { faultOrders } from './fault-settings.ts';
import { vmGuard, vmHostSettings } from './host-part.ts';
import { escapeInDoubleQuotes, quote } from './quote.ts';
import { assemble, type ScriptFile } from './script-file.ts';
import { renderArgumentsAndOptions, renderSettings, type Setting } from './settings.ts';
import { renderArray } from './step.ts';
import { vmSettings, vmSteps } from './vm-steps.ts';

/** The script of a VM; undefined while the VM has no valid ID. `base`: from the script folder to the lab file's. */
export function renderVmScript(lab: Lab, vm: Vm, source: string, base: string): ScriptFile | undefined {
  if (vm.id === undefined) return undefined;
  const settings = [...vmSettings(vm, vm.id), ...vmHostSettings(lab, vm)];
  const name = vmScript(vm.name);
  const about = [
    `VM ${vm.name} of the lab ${lab.name}: one QEMU process. Needs no root.`,
    `Use: ${name} [start|stop|status|kill|ready|command|plug|lock|migrate] [VAR=value …]`,
    `Made by KVM Lab from ${source}. Change the settings as you like; the code below them is written again.`,
  ];
  return assemble(name, about, [
    'set -u',
    '',
    renderSettings(settings),
    '',
    folders(base),
    'ACCEL=${KVMLAB_ACCEL:-$ACCEL}',
    renderArgumentsAndOptions(settings),
    '',
    ...findOut(lab, settings),
    ...(vm.nics.length > 0 ? bootRom : []),
    '',
    renderArray('qemu', vmSteps(vm)),
    '',
    ...vmGuard(lab, vm, name),
    ...ending(lab, vm, source),
  ]);
}

export const folders = (base: string): string =>
  [
    'here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P) || exit 1',
    `lab=$(cd -- "$here/${escapeInDoubleQuotes(base)}" && pwd -P) || exit 1`,
  ].join('\n');

const findOut = (lab: Lab, settings: readonly Setting[]): readonly string[] => [
  '((ID >= 1 && ID <= 9999)) || { echo "ID is $ID; it must be 1 to 9999." >&2; exit 2; }',
  'serial=$((10000 + ID)) monitor=$((20000 + ID)) display=$((24100 + ID))',
  'if [[ $GUEST = tiny ]]; then',
  '  guest=$("$here/common.sh" tiny_guest "$lab") KERNEL=$guest/vmlinuz INITRD=$guest/initrd',
  'fi',
  '# Relative paths start at the folder of the lab file.',
  `for file in ${settings
    .filter(({ isPath }) => isPath)
    .map(({ name }) => name)
    .join(' ')}; do`,
  '  case ${!file} in',
  `    '' | /*${settings.some(({ name }) => name === 'IMAGE') ? ' | *://*' : ''}) ;;`,
  `    \\~/*) printf -v "$file" '%s/%s' "$HOME" "\${!file:2}" ;;`,
  `    *) printf -v "$file" '%s/%s' "$lab" "\${!file}" ;;`,
  '  esac',
  'done',
  `run=$("$here/common.sh" folder ${quote(lab.name)}) || exit 1`,
  'accel=$("$here/common.sh" accel "$ACCEL" "$QEMU" "$verb" "$KERNEL") || exit 1',
  'cpu=max',
  '[[ $accel = kvm ]] && cpu=host',
];

const bootRom: readonly string[] = [
  '# The boot ROM of a NIC is there only for VMs that boot from the network.',
  'rom=,romfile=',
  '[[ $BOOT = *n* ]] && rom=',
];

/** What `ready` waits for; of some of it a script can only say that it cannot see it. */
function readyWords(vm: Vm): readonly string[] {
  const ready = readyOf(vm);
  if (!ready) return [];
  const signs = ready.signs.map(sign => `--ready ${signWords(sign).map(quote).join(' ')}`);
  return [
    '# What shows that it is ready, and in how many seconds.',
    `needs+=(--within ${Math.ceil(ready.withinMs / 1000)} ${signs.join(' ')})`,
  ];
}

function signWords(sign: ReadySign): readonly [string, string] {
  switch (sign.kind) {
    case 'prompt':
      return [sign.pattern.kind, sign.pattern.text];
    case 'agent':
      return ['agent', ''];
    case 'port':
      return ['port', `tcp/${sign.port}`];
    case 'command':
      return ['command', sign.command];
  }
}

const lockWords = ({ locks }: Lab): readonly string[] =>
  locks === undefined ? [] : ['# Where its lock is, which all hosts see.', `needs+=(--locks ${quote(locks)})`];

function ending(lab: Lab, vm: Vm, source: string): readonly string[] {
  const images = vm.disks.flatMap(({ size, format }, at) =>
    size === undefined ? [] : [`needs+=(--image "$DISK${at + 1}" ${size} ${format})`],
  );
  const { image, cloudInit } = vm;
  const own = [
    ...(image?.source
      ? [
          `needs+=(--overlay "$OVERLAY" "$IMAGE" "$IMAGE_SHA256" ${image.source.format} '${image.source.size ?? ''}' "$lab/"${quote(source)})`,
        ]
      : []),
    ...(cloudInit ? [`[[ -z $SEED ]] || needs+=(--seed "$SEED" "$lab/"${quote(source)})`] : []),
  ];
  const nics = vm.nics.flatMap(({ number, faults }) => [
    `needs+=(--nic "$NIC${number}" "$NIC${number}_PORT" ${number})`,
    ...(faults
      ? [`for order in ${faultOrders(`NIC${number}_`).join(' ')}; do`, `  needs+=(--fault ${number} "$order")`, 'done']
      : []),
  ]);
  return [
    'if [[ $verb = command ]]; then',
    `  printf '%q ' "\${qemu[@]}"`,
    '  echo',
    '  exit',
    'fi',
    ...(images.length > 0 || own.length > 0
      ? ['# Images that are made when they are missing, and the ports that the NICs plug into.']
      : []),
    'needs=()',
    ...own,
    ...images,
    ...nics,
    ...lockWords(lab),
    ...readyWords(vm),
    `exec "$here/common-vm.sh" "$run" "$accel" "$verb" ${quote(vm.name)} "$ID" "\${needs[@]}" --given \${#given[@]} "\${given[@]}" -- "\${qemu[@]}"`,
  ];
}
