import { readQemuNics } from '../../qemu/nics.ts';
import { readPlugAddress } from '../../vde/plug-address.ts';
import type { Lab, Nic } from '../../lab/model.ts';
import type { PortPicture, SwitchPicture } from '../switches/port-picture.ts';
import type { RunningVm } from '../state.ts';

/** One NIC of a running VM: what it was started with, what the lab file says, and the port where it hangs now. */
export interface NicEntry {
  /** Undefined: it is plugged in, but there is no telling which NIC it is. */
  readonly number: number | undefined;
  readonly mac: string | undefined;
  /** Of the lab file; undefined: it knows no such NIC. */
  readonly planned: Nic | undefined;
  /** The switch's folder of sockets, by the command line; undefined: it has another network. */
  readonly socket: string | undefined;
  /** Undefined: it is not plugged into any switch that could be asked. */
  readonly plug: { readonly picture: SwitchPicture; readonly port: PortPicture } | undefined;
}

export function nicList(
  vm: RunningVm,
  args: readonly string[],
  lab: Lab | undefined,
  pictures: readonly SwitchPicture[],
): readonly NicEntry[] {
  const planned = lab?.vms.find(one => one.name === vm.name)?.nics ?? [];
  const started = readQemuNics(args);
  const plugs = pictures.flatMap(picture =>
    picture.ports.flatMap(port =>
      port.owners.flatMap(owner =>
        owner.kind === 'vm' && owner.pid === vm.pid ? [{ nic: owner.nic, mac: owner.mac, picture, port }] : [],
      ),
    ),
  );
  const numbers = new Set([...started.map(one => one.number), ...plugs.flatMap(plug => plug.nic ?? [])]);
  const entries = [...numbers]
    .sort((a, b) => a - b)
    .map((number): NicEntry => {
      const nic = started.find(one => one.number === number);
      const plan = planned.find(one => one.number === number);
      const socket = nic?.plug && readPlugAddress(nic.plug.address)?.socket;
      const plug = plugs.find(one => one.nic === number);
      return { number, mac: nic?.mac ?? plan?.mac, planned: plan, socket, plug };
    });
  const unknown = plugs.filter(plug => plug.nic === undefined);
  return [
    ...entries,
    ...unknown.map((plug): NicEntry => {
      return { number: undefined, mac: plug.mac, planned: undefined, socket: plug.picture.of.socket, plug };
    }),
  ];
}
