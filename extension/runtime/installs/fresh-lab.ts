import { UserError } from '../../base/user-error.ts';
import { diskFolder, vmOverlay, vmSeed } from '../../lab/layout.ts';
import { randomBelow, type Random32 } from '../../lab/networks/random.ts';
import type { Disk, Lab, Nic, Switch, Vm } from '../../lab/model.ts';

/** High ones, which labs seldom have. */
const lowestFreshId = 9000;
const freshIds = 1000;

/** An ID that nobody has, another one each time: several may look for one at once. Undefined: there is none left. */
export function freshId(used: Iterable<number>, random: Random32): number | undefined {
  const taken = new Set(used);
  const first = Number(randomBelow(BigInt(freshIds), random));
  const ids = Array.from({ length: freshIds }, (_, at) => lowestFreshId + ((first + at) % freshIds));
  return ids.find(id => !taken.has(id));
}

/** Options of QEMU that name files or ports: a second VM must not have them. */
const shared = /\bfile(?:name)?=|hostfwd=|path=|port=/;
const sharing = /^-(?:hd[a-d]|fd[ab]|cdrom|sd|mtdblock|pflash|drive|blockdev|virtfs|chardev|serial|monitor|qmp|vnc)$/;

/**
 * A lab of nothing but a VM as it was in its first hour: the same machine over the same image, and new disks where it had
 * empty ones. It is on switches of its own, so that nobody hears of it; of the outside it has the uplinks. A UserError says
 * which of its disks has no state to begin from.
 */
export function freshLab(lab: Lab, vm: Vm, id: number): Lab {
  const name = `fresh-${id}`;
  return {
    name,
    description: `${vm.name} of ${lab.name}, to try an install script`,
    images: lab.images,
    vms: [freshVm(vm, name, id)],
    switches: lab.switches.filter(one => vm.nics.some(nic => nic.switch === one.name)).map(alone),
    ...{ wires: [], groups: [], pins: [] },
  };
}

function freshVm(vm: Vm, lab: string, id: number): Vm {
  refuseShared(vm);
  const { image, cloudInit } = vm;
  return {
    ...vm,
    ...{ id, vnc: false, after: [], nics: vm.nics.map(plainNic) },
    disks: vm.disks.map((disk, at) => freshDisk(disk, at, vm, lab)),
    image: image && { ...image, overlay: vmOverlay(lab, vm.name) },
    cloudInit: cloudInit && { ...cloudInit, seed: vmSeed(lab, vm.name) },
  };
}

/** Nothing is wrong with its wire. */
function plainNic({ number, port, mac, model, addresses, vlan, tagged, span, ...rest }: Nic): Nic {
  return { number, switch: rest.switch, port, mac, model, addresses, vlan, tagged, span };
}

function freshDisk(disk: Disk, at: number, vm: Vm, lab: string): Disk {
  if (disk.size !== undefined) return { ...disk, file: `${diskFolder(lab)}/${vm.name}-${at + 1}.${disk.format}` };
  throw new UserError(
    `There is no fresh ${vm.name}: its disk ${disk.file} has no image under it, and what is on it now is not what was ` +
      'there at first. Give the VM an image: in the lab file, or its disk a size: if it begins empty.',
  );
}

function refuseShared({ name, extra }: Vm): void {
  const found = extra.find(word => sharing.test(word) || shared.test(word));
  if (found === undefined) return;
  throw new UserError(
    `There is no fresh ${name}: its extra argument ${found} names something that two VMs cannot have. ` +
      'Play the script on a VM without it.',
  );
}

/** Without what there can be only one of on this host. */
const alone = (one: Switch): Switch => ({
  ...one,
  tap: undefined,
  slirp: one.slirp && { ...one.slirp, forward: [] },
});
