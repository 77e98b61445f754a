import type { Lab, Vm } from '../model.ts';
import { byteLength } from '../names.ts';
import type { Report } from '../reading/report.ts';
import { valueSpan } from '../reading/spans.ts';

/** Linux takes 2048 bytes on x86, of which the scripts need some themselves. */
const longestAppend = 2000;

/** The PCI bus of QEMU's PC has 32 slots; the chipset, the display and the like take four. Each disk and NIC takes one. */
const mostCards = 28;

/** What a VM boots from, and whether QEMU can give it all its cards. */
export function checkBoot(lab: Lab, report: Report): void {
  for (const vm of lab.vms) {
    checkKernel(vm, report);
    checkOrder(vm, report);
    checkCards(vm, report);
    const length = byteLength(vm.append ?? '');
    if (length > longestAppend) {
      const message = `append has ${length} bytes, and a kernel takes ${longestAppend}. Shorten it.`;
      report('append-too-long', valueSpan(vm, 'append'), message);
    }
  }
}

function checkKernel(vm: Vm, report: Report): void {
  for (const key of ['kernel', 'initrd'] as const) {
    if (vm.isTinyGuest && vm[key] !== undefined) {
      report('bad-value', valueSpan(vm, key), `The tiny guest brings its own ${key}. Remove "${key}:" or "guest:".`);
    }
  }
  if (vm.isTinyGuest || vm.kernel !== undefined) return;
  for (const key of ['initrd', 'append'] as const) {
    if (vm[key] === undefined) continue;
    report(
      'missing-key',
      valueSpan(vm, key),
      `${key} is for a kernel, and this VM has none. Add "kernel:" or remove it.`,
    );
  }
}

function checkOrder(vm: Vm, report: Report): void {
  vm.boot.forEach((device, index) => {
    const isMissing =
      (device === 'disk' && vm.disks.length === 0 && !vm.image) || (device === 'cdrom' && vm.cdrom === undefined);
    const key = device === 'disk' ? 'disks' : 'cdrom';
    const message = `This VM has no ${device} to boot from. Add "${key}:" or change "boot:".`;
    if (isMissing) report('missing-key', valueSpan(vm, 'boot', index), message, 'warning');
    const isNetworkMissing = device === 'network' && vm.nics.length === 0;
    const noNic = 'This VM has no NIC to boot from. Add "nics:" or change "boot:".';
    if (isNetworkMissing) report('missing-key', valueSpan(vm, 'boot', index), noNic, 'warning');
  });
}

function checkCards(vm: Vm, report: Report): void {
  const disks = vm.disks.length + Number(vm.image !== undefined) + Number(vm.cloudInit !== undefined);
  const cards = vm.nics.length + disks;
  if (cards <= mostCards) return;
  const message = `This VM has ${vm.nics.length} NICs and ${disks} disks; QEMU's PC has slots for ${mostCards} together. Remove some.`;
  report('bad-value', valueSpan(vm, 'nics'), message);
}
