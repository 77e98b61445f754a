import { highestId } from '../networks/addressing.ts';
import { nextIdOf } from '../free-id.ts';
import type { Lab, Nic, Vm } from '../model.ts';
import { shown } from '../names.ts';
import type { Report } from '../reading/report.ts';
import { valueSpan } from '../reading/spans.ts';

/** IDs and what follows from them: one ID, one VM; one MAC, one NIC. */
export function checkIds(lab: Lab, report: Report): void {
  const owners = new Map<number, Vm>();
  for (const vm of lab.vms) {
    if (vm.id === undefined) continue;
    const owner = owners.get(vm.id);
    if (!owner) owners.set(vm.id, vm);
    else {
      const other = vm.origin?.row ? `VM ${shown(vm.name)}` : 'this VM';
      const message = `VM ${shown(owner.name)} has ID ${vm.id} already. Give ${other} one of its own.`;
      report('id-double', valueSpan(vm, 'id'), message);
    }
  }
  reportMissing(lab, owners, report);
  checkMacs(lab, report);
}

function reportMissing(lab: Lab, owners: ReadonlyMap<number, Vm>, report: Report): void {
  // An ID that is there and wrong has a problem of its own.
  const without = lab.vms.filter(vm => vm.id === undefined && vm.spans?.['id'] === undefined);
  if (without.length === 0) return;
  const free = nextIdOf(lab, owners.keys());
  for (const vm of without) {
    const row = vm.origin?.row;
    if (row && row.number > 1) continue;
    if (row) {
      const message = `The VMs of row ${shown(row.name)} have no IDs. Add "id:" with that of the first; the others count up from it.`;
      report('id-missing', vm.nameSpan, message);
      continue;
    }
    const hint = free === undefined ? `a number from 1 to ${highestId}` : `${free}, which is free in this lab`;
    report('id-missing', vm.nameSpan, `VM ${shown(vm.name)} has no ID. Add "id:" with ${hint}.`);
  }
}

/** Two NICs with one MAC make a switch forget one of them, silently. */
function checkMacs(lab: Lab, report: Report): void {
  const owners = new Map<string, { readonly vm: Vm; readonly nic: Nic }>();
  for (const vm of lab.vms) {
    for (const nic of vm.nics) {
      if (nic.mac === undefined) continue;
      const owner = owners.get(nic.mac);
      if (!owner) owners.set(nic.mac, { vm, nic });
      else if (isGiven(nic) || isGiven(owner.nic) || owner.vm.id !== vm.id) {
        const message = `NIC ${owner.nic.number} of VM ${shown(owner.vm.name)} has MAC ${nic.mac} already. Change or remove "mac:".`;
        report('mac-clash', isGiven(nic) || !isGiven(owner.nic) ? valueSpan(nic, 'mac') : nic.span, message);
      }
    }
  }
}

const isGiven = (nic: Nic): boolean => nic.spans?.['mac'] !== undefined;
