import { UserError } from '../base/user-error.ts';
import type { Diagram } from '../diagram/diagram.ts';
import { hostDiagram } from '../runtime/picture/host-diagram.ts';
import { nicList } from '../runtime/vms/nic-list.ts';
import type { Lab } from '../lab/model.ts';
import type { CliPorts } from './command.ts';
import { allPictures, findLab } from './switch-picture.ts';

/** What runs on this host now, of a lab or not. A UserError if that is nothing. */
export async function runningDiagram(ports: CliPorts): Promise<Diagram> {
  await ports.watcher.poll();
  const { host } = ports.store;
  if (host.vms.length === 0 && host.switches.length === 0)
    throw new UserError('Nothing runs on this host: no QEMU VM and no VDE switch.');
  const names = new Set([...host.vms, ...host.switches].flatMap(one => one.lab ?? []));
  const [pictures, ...found] = await Promise.all([allPictures(ports), ...[...names].map(name => findLab(name, ports))]);
  const labs = new Map(found.flatMap(one => (one ? [[one.lab.name, one.lab] satisfies [string, Lab]] : [])));
  const processes = new Map(ports.processes.find(host.vms.map(vm => vm.pid)).map(one => [one.pid, one.args]));
  const nics = new Map(
    host.vms.map(vm => {
      const lab = vm.lab === undefined ? undefined : labs.get(vm.lab);
      return [vm.pid, nicList(vm, processes.get(vm.pid) ?? [], lab, pictures)];
    }),
  );
  return hostDiagram({ host, pictures, nics, labs });
}
