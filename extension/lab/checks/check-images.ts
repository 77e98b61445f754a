import type { Lab, Vm } from '../model.ts';
import { didYouMean, isSafeName, shown } from '../names.ts';
import type { Scope } from '../reading/read-keys.ts';
import { valueSpan } from '../reading/spans.ts';

/** Names of images, and what cloud-init can do for a VM. */
export function checkImages(lab: Lab, scope: Scope): void {
  for (const { name, nameSpan } of lab.images) {
    if (isSafeName(name)) continue;
    const message = `"${shown(name)}" cannot name an image. Use letters, digits, dots, dashes and underscores.`;
    scope.report('bad-name', nameSpan, message);
  }
  const names = new Set(lab.images.map(({ name }) => name));
  for (const vm of lab.vms) {
    checkImage(vm, names, scope);
    checkCloudInit(vm, scope);
  }
  checkRows(lab, scope);
  checkSticks(lab, scope);
}

/** A stick is in one VM at a time; rows share theirs. Said where the second one names it. */
function checkSticks(lab: Lab, { report }: Scope): void {
  const first = new Map<string, string>();
  for (const vm of lab.vms)
    (vm.sticks ?? []).forEach((file, index) => {
      const other = first.get(file);
      first.set(file, other ?? vm.name);
      if (other === undefined) return;
      const message = `${shown(file)} is in VM ${shown(other)} too, and a stick is in one VM at a time. Give one of them another stick.`;
      report('disk-shared', valueSpan(vm, 'sticks', index), message, 'warning');
    });
}

/** A disk that is written at the entry of a row, or in its template, is one file for all its VMs. Said once a row. */
function checkRows(lab: Lab, { report }: Scope): void {
  for (const vm of lab.vms) {
    const row = vm.origin?.row;
    if (!row || row.number > 1 || row.count < 2) continue;
    vm.disks.forEach(({ file }, index) => {
      const problem = `All VMs of the row ${shown(row.name)} would write to ${shown(file)}, and only one of them could run.`;
      report('disk-shared', valueSpan(vm, 'disks', index), `${problem} ${ownDiskHint(vm, index)}`, 'warning');
    });
  }
}

/** A VM has one image, and it becomes the first disk. */
function ownDiskHint(vm: Vm, index: number): string {
  const disk = vm.disks[index];
  if (vm.image || index > 0 || !disk) return 'Give each VM an entry of its own, with a disk of its own.';
  const own = `Write "image: ${shown(disk.file)}" instead: each gets a disk of its own over it, and it is only read`;
  return disk.size === undefined ? `${own}.` : `${own}. It has to be there first.`;
}

function checkImage(vm: Vm, names: ReadonlySet<string>, scope: Scope): void {
  // An image of the lab without a place has been reported where it stands.
  if (!vm.image || vm.image.source || names.has(vm.image.text)) return;
  const { text } = vm.image;
  const hint =
    didYouMean(scope.nearest.find(text, names)) ||
    ' Add it under "images:", or write a path such as images/base.qcow2.';
  scope.report('unknown-image', valueSpan(vm, 'image'), `There is no image "${shown(text)}" in this lab.${hint}`);
}

function checkCloudInit(vm: Vm, { report }: Scope): void {
  if (!vm.cloudInit) return;
  const span = valueSpan(vm, 'cloud-init');
  if (vm.isTinyGuest) {
    report('bad-value', span, 'The tiny guest sets itself up and has no cloud-init. Remove "cloud-init:" or "guest:".');
  }
}
