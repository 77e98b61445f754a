import { UserError } from '../../base/user-error.ts';
import type { CheckEnd } from '../../lab/expectations/check-ends.ts';
import type { Nic, Vm } from '../../lab/model.ts';
import { switchCommands } from '../../vde/switch-commands.ts';
import { askSwitch } from '../switches/switch-look.ts';
import { managementOf } from '../switches/switch-reader.ts';
import type { CheckBench } from './check-bench.ts';
import { failed, passed, type Verdict } from './check-result.ts';
import { whoHearsWhom } from './hearing.ts';
import { placeKey, placeWords, type VlanPlace } from './vlan-place.ts';

export interface NamedEnd {
  readonly word: string;
  readonly end: CheckEnd;
}

/**
 * Whether what one side sends to everybody stays away from the other. Where the VMs are plugged in is asked of the switches;
 * then probes in the very same VLANs of the same switches send and listen, so no guest has to do anything.
 */
export async function judgeApart([one, other]: readonly [NamedEnd, NamedEnd], bench: CheckBench): Promise<Verdict> {
  const [here, there] = [await placesOf(one, bench), await placesOf(other, bench)];
  const both = here.find(place => there.some(it => placeKey(it) === placeKey(place)));
  if (both) return failed(`${one.word} and ${other.word} are both in ${placeWords(both)}.`);
  const heard = await whoHearsWhom([here, there], bench);
  const [first] = heard;
  if (first)
    return failed(
      `What ${placeWords(first.talker)} sends is heard in ${placeWords(first.ear)}: ${one.word} and ${other.word} are not isolated.`,
    );
  return passed(`${here.map(placeWords).join(', ')} and ${there.map(placeWords).join(', ')} do not hear each other.`);
}

async function placesOf({ word, end }: NamedEnd, bench: CheckBench): Promise<readonly VlanPlace[]> {
  const places =
    end.kind === 'vlan'
      ? bench.lab.switches
          .filter(({ vlans }) => vlans.includes(end.vlan))
          .map(({ name }) => ({ switch: name, vlan: end.vlan }))
      : end.kind === 'vms'
        ? await placesOfVms(end.vms, end.nic, bench)
        : [];
  if (places.length === 0) throw new UserError(`${word} is plugged into no switch, so there is nothing to listen to.`);
  return [...new Map(places.map(place => [placeKey(place), place])).values()];
}

async function placesOfVms(
  vms: readonly Vm[],
  nic: number | undefined,
  bench: CheckBench,
): Promise<readonly VlanPlace[]> {
  const places: VlanPlace[] = [];
  for (const vm of vms)
    for (const one of vm.nics.filter(({ number }) => nic === undefined || number === nic))
      places.push(...(await placesOfNic(vm, one, bench)));
  return places;
}

/** The VLANs that its port has now, whatever the lab file says. */
async function placesOfNic(
  vm: Vm,
  { switch: name, port, number }: Nic,
  bench: CheckBench,
): Promise<readonly VlanPlace[]> {
  const management = managementOf(bench.runningSwitch(name));
  if (port === undefined) return [];
  const told = await askSwitch(bench.parts.management, management, switchCommands.printPort(port), bench.signal);
  if (!told?.endpoints.length) throw new UserError(`NIC ${number} of ${vm.name} is not plugged into ${name} now.`);
  const tables = await askSwitch(bench.parts.management, management, switchCommands.printAllVlans(), bench.signal);
  const tagged = tables.flatMap(({ vlan, ports }) =>
    ports.some(one => one.number === port && one.isTagged) ? [vlan] : [],
  );
  bench.note(`${name}$ port ${port} of ${vm.name}: untagged ${told.vlan}, tagged ${tagged.join(', ') || 'none'}`);
  return [told.vlan, ...tagged].map(vlan => ({ switch: name, vlan }));
}
