import type { Lab, Vm } from '../lab/model.ts';
import type { Problem } from '../lab/problem.ts';

/** COMMAND_LINE_SIZE of x86 is 2048 bytes, the NUL at its end among them; the kernel cuts off the rest without a word. */
export const longestAppend = 2047;

/**
 * The kernel command line of a VM with `guest: tiny`: words that the guest's init understands, then the VM's own `append`.
 * All of ours have a dot in their key. Without it the kernel would hand each to process 1 as an environment variable,
 * of which it takes 32 before it panics; with it the kernel takes them for parameters of a module and leaves them alone.
 */
export function tinyGuestAppend(vm: Vm): string {
  const words = [
    'console=ttyS0',
    'quiet',
    // On an emulated processor of a busy host the kernel's test of its timer fails, and it panics (kernel-parameters.txt).
    'no_timer_check',
    ...labWord('name', [vm.name]),
    ...(vm.nics.length > 0 ? labWord('nics', [String(vm.nics.length)]) : []),
    ...vm.nics.flatMap(nic => {
      const interfaceName = `eth${nic.number - 1}`;
      return [
        ...(nic.addresses.length > 0 ? labWord(interfaceName, nic.addresses) : []),
        ...nic.tagged.flatMap(({ vlan, addresses }) =>
          labWord(`${interfaceName}.${vlan}`, addresses.length > 0 ? addresses : ['up']),
        ),
      ];
    }),
    ...(vm.gateway === undefined ? [] : labWord('gateway', [vm.gateway])),
    ...(vm.forward ? labWord('forward', ['1']) : []),
    ...(vm.append?.split(/\s+/) ?? []),
  ];
  return words.filter(word => word !== '').join(' ');
}

/** What is wrong with the lab for its tiny guests only; other VMs are none of this room's business. */
export function checkGuests(lab: Lab): Problem[] {
  return lab.vms.filter(vm => vm.isTinyGuest).flatMap(vm => [...checkLength(vm), ...checkModels(vm)]);
}

function checkLength(vm: Vm): readonly Problem[] {
  const bytes = utf8Length(tinyGuestAppend(vm));
  if (bytes <= longestAppend) return [];
  const message =
    `VM ${vm.name}: the kernel command line of its tiny guest would have ${bytes} bytes, and the kernel reads only ${longestAppend}. ` +
    'Give it fewer addresses, tagged VLANs or NICs, or a shorter append.';
  return [{ code: 'append-too-long', severity: 'error', message, span: vm.nameSpan }];
}

/** The kernel that Debian makes for clouds drives these two only. */
const drivenModels: ReadonlySet<string> = new Set(['virtio', 'vmxnet3']);

function checkModels(vm: Vm): readonly Problem[] {
  return vm.nics
    .filter(nic => !drivenModels.has(nic.model))
    .map(nic => ({
      code: 'bad-value',
      severity: 'warning',
      message: `VM ${vm.name}, NIC ${nic.number}: the tiny guest has no driver for model ${nic.model}. Use virtio (the default) or vmxnet3.`,
      span: nic.span,
    }));
}

/**
 * One word, or none if a value could be taken for something else on the command line. The lab's own checks let no such value
 * through; this is the second bolt.
 */
function labWord(key: string, values: readonly string[]): readonly string[] {
  const safe = values.filter(value => /^[\w.:/%-]+$/.test(value));
  return safe.length > 0 ? [`lab.${key}=${safe.join(',')}`] : [];
}

function utf8Length(text: string): number {
  let length = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}
