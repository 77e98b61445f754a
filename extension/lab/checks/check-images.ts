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
