import type { Lab, Vm } from '../model.ts';
import { parseCidr } from '../networks/cidr.ts';
import { didYouMean, shown } from '../names.ts';
import type { Scope } from '../reading/read-keys.ts';
import { valueSpan } from '../reading/spans.ts';
import { ringOf } from '../start-order.ts';

/** VMs wait for VMs that there are, and not for each other; and what is to show that one is ready can be looked at. */
export function checkReadiness({ vms }: Lab, scope: Scope): void {
  const byName = new Map(vms.map(vm => [vm.name, vm]));
  for (const vm of vms) {
    vm.after?.forEach((name, index) => {
      if (byName.has(name)) return;
      const hint = didYouMean(scope.nearest.find(name, byName.keys())) || ' Add it under "vms:".';
      scope.report('unknown-vm', valueSpan(vm, 'after', index), `There is no VM "${shown(name)}" in this lab.${hint}`);
    });
    if (vm.after) checkRing(vm, byName, scope);
    checkPort(vm, scope);
  }
}

function checkRing(vm: Vm, byName: ReadonlyMap<string, Vm>, { report }: Scope): void {
  const ring = ringOf(vm, byName);
  if (!ring) return;
  const [, ...others] = ring;
  const message =
    others.length === 0
      ? `VM ${shown(vm.name)} cannot come after itself. Remove it here.`
      : `VM ${[...ring, vm.name].map(shown).join(' comes after ')}: none of them could ever start. Remove one of these.`;
  report('start-cycle', valueSpan(vm, 'after'), message);
}

/** A probe asks from the switch, so it needs to know where. */
function checkPort({ name, nics, ready, spans = {} }: Vm, { report }: Scope): void {
  if (!ready?.signs.some(({ kind }) => kind === 'port')) return;
  const addresses = nics.flatMap(nic => [...nic.addresses, ...nic.tagged.flatMap(one => one.addresses)]);
  const span = spans['ready.port'] ?? spans['ready'];
  if (!span || addresses.some(address => parseCidr(address)?.family === 4)) return;
  const message = `Nobody knows where to ask ${shown(name)} for its port: give a NIC an IPv4 address, or write prompt, command or agent.`;
  report('bad-value', span, message);
}
