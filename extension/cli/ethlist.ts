import { nicList, type NicEntry } from '../runtime/vms/nic-list.ts';
import { chooseVm } from '../runtime/switches/switch-choice.ts';
import { UsageError } from './arguments.ts';
import { exitCodes, jsonOption, printJson, type CliPorts, type Command } from './command.ts';
import { allPictures, findLab } from './switch-picture.ts';
import { printable, renderTable } from './text-table.ts';

export const ethlistCommand: Command = {
  name: 'ethlist',
  operands: 'VM',
  summary: 'List the NICs of a running VM: switch, port, VLANs, addresses',
  details: [
    'VM is a name, LAB/NAME, or a pid.',
    'With --json: [{nic, mac, switch, lab, socket, port, untagged, tagged, addresses, macs}]; addresses',
    'are those of the lab file, macs what the switch saw on the port; null where there is nothing,',
    'port is null if it is not plugged in.',
  ],
  options: [jsonOption],
  maxOperands: 1,
  async run({ operands, options }, ports) {
    const [name] = operands;
    if (name === undefined) throw new UsageError('NICs of which VM?');
    const { nics, vm } = await nicsOf(name, ports);
    if (options.has('json')) printJson(nics.map(nicEntry), ports);
    else ports.out(nics.length === 0 ? `VM ${printable(vm)} has no NIC.\n` : renderNics(nics));
    return exitCodes.done;
  },
};

/** The NICs of a running VM, as all switches of the host tell it. */
export async function nicsOf(
  name: string,
  ports: CliPorts,
): Promise<{ readonly vm: string; readonly nics: readonly NicEntry[] }> {
  await ports.watcher.poll();
  const vm = chooseVm(name, ports.store.host.vms);
  const args = ports.processes.find([vm.pid])[0]?.args ?? [];
  const [found, pictures] = await Promise.all([findLab(vm.lab, ports), allPictures(ports)]);
  return { vm: vm.name ?? `QEMU ${vm.pid}`, nics: nicList(vm, args, found?.lab, pictures) };
}

const nicEntry = ({ number, mac, planned, socket, plug }: NicEntry) => ({
  nic: number ?? null,
  mac: mac ?? null,
  ...plugEntry(plug, planned?.switch, socket),
  addresses: planned?.addresses ?? [],
  macs: plug?.port.macs.map(one => one.mac) ?? [],
});

function plugEntry(plug: NicEntry['plug'], planned: string | undefined, socket: string | undefined) {
  const nowhere = { switch: planned ?? null, lab: null, socket: socket ?? null, port: null };
  if (!plug) return { ...nowhere, untagged: null, tagged: null };
  const { of } = plug.picture;
  const { number: port, untagged, tagged } = plug.port;
  return { switch: of.name, lab: of.lab ?? null, socket: of.socket, port, untagged, tagged };
}

function renderNics(nics: readonly NicEntry[]): string {
  const rows = nics.map(nic => {
    const { port, untagged, tagged, addresses, macs, ...entry } = nicEntry(nic);
    const plugged = port === null ? 'not plugged in' : String(port);
    const vlans = [untagged === 0 ? undefined : (untagged ?? undefined), tagged?.join(',')];
    return [
      entry.nic ?? '?',
      entry.mac ?? '',
      entry.switch ?? entry.socket ?? '',
      plugged,
      ...vlans,
      addresses.join(' '),
      macs.join(' '),
    ];
  });
  return renderTable(['NIC', 'MAC', 'SWITCH', 'PORT', 'UNTAGGED', 'TAGGED', 'ADDRESSES', 'MAC ADDRESSES SEEN'], rows);
}
