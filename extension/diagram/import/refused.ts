import type { LabReading, Nic } from '../../lab/model.ts';
import { valueSpan } from '../../lab/reading/spans.ts';
import type { TextSpan } from '../../lab/text-span.ts';
import { noAddress, type ImportPlan, type PlannedNic } from './plan.ts';

/** The plan without the addresses that the checks of its lab file refused; undefined: they refused none. */
export function withoutRefused(plan: ImportPlan, { lab, problems }: LabReading): ImportPlan | undefined {
  const spans = problems
    .filter(({ code }) => code === 'address-outside' || code === 'address-double')
    .map(one => one.span);
  if (!lab || spans.length === 0) return undefined;
  const vms = plan.vms.map((vm, at) => {
    const nics = vm.nics.map((nic, index) => soundNic(plan, vm.name, nic, lab.vms[at]?.nics[index], spans));
    return nics.some((nic, index) => nic !== vm.nics[index]) ? { ...vm, nics } : vm;
  });
  const switches = plan.switches.map((one, at) => {
    const it = lab.switches[at];
    const isRefused = one.tap?.address !== undefined && it && spans.some(span => isInside(span, it.span));
    if (!isRefused) return one;
    plan.losses.add(noAddress, `${one.name}: ${one.tap.address}`);
    return { ...one, tap: { ...one.tap, address: undefined } };
  });
  return { ...plan, vms, switches };
}

function soundNic(
  { losses }: ImportPlan,
  vm: string,
  planned: PlannedNic,
  nic: Nic | undefined,
  spans: readonly TextSpan[],
): PlannedNic {
  const refused = nic ? spans.filter(span => isInside(span, nic.span)) : [];
  if (!nic || refused.length === 0) return planned;
  const plain = planned.addresses.filter(one => one.vlan === undefined);
  const addresses = planned.addresses.filter(address => {
    const index = plain.indexOf(address);
    // An address in a tagged VLAN has no place of its own that could be told from its neighbours'.
    const isRefused = index < 0 || refused.some(span => isInside(span, valueSpan(nic, 'address', index)));
    if (isRefused) losses.add(noAddress, `${vm}: ${address.text}`);
    return !isRefused;
  });
  return { ...planned, addresses };
}

const isInside = (inner: TextSpan, outer: TextSpan): boolean => inner.start >= outer.start && inner.end <= outer.end;
