import { quote } from '../../script/quote.ts';
import { stoppedOf, takenPorts, wantedPorts } from '../budget/wanted-ports.ts';
import type { HostFacts, KvmFact, RunRootFact } from '../doctor-ports.ts';
import { folderOf } from '../paths.ts';
import { finding, type Check } from './check.ts';

/** VMs of a few hundred megabytes and their disks; what is less is worth a word. */
const littleMemoryMb = 512;
const littleDisk = 1024 ** 3;

const kvmWords: Readonly<Record<KvmFact, string>> = {
  works: 'A Linux has been seen to start under it.',
  useless:
    '/dev/kvm opens, but no Linux starts under it here. VMs run in software emulation: slower, and just as good.',
  untried: '/dev/kvm opens. Whether a Linux starts under it shows at the first start of a VM.',
  refused: 'You may not open /dev/kvm. VMs run in software emulation: slower, and just as good.',
  missing: 'This host has no /dev/kvm. VMs run in software emulation: slower, and just as good.',
};

const kvm: Check = ({ facts, of }) => {
  const about = { id: 'kvm', title: 'KVM', purpose: 'Makes VMs fast.', found: kvmWords[facts.kvm] };
  const isFine = facts.kvm === 'works' || facts.kvm === 'untried';
  const isNeeded = of?.lab.vms.some(vm => vm.accel === 'kvm') ?? false;
  return [finding(about, isFine, isNeeded, facts.kvm === 'refused' ? joinGroup(facts, 'kvm') : undefined)];
};

/** It counts at the next login. */
export const joinGroup = ({ user }: HostFacts, group: string): string =>
  `sudo adduser ${quote(user.name)} ${quote(group)} && echo "Now log out and in again."`;

const runRootWords: Readonly<Record<RunRootFact, string>> = {
  there: 'is yours',
  absent: 'will be made at the first start',
  foreign: 'belongs to somebody else; set KVMLAB_RUN_ROOT to a folder of yours',
  refused: 'cannot be made; set KVMLAB_RUN_ROOT to a folder of yours',
};

const runRoot: Check = ({ facts, runRoot: folder }) => {
  const about = {
    id: 'run-folder',
    title: 'Run-time folder',
    purpose: 'Pid files, sockets, locks and logs of what runs.',
  };
  const isFine = facts.runRoot === 'there' || facts.runRoot === 'absent';
  const found = `${folder} ${runRootWords[facts.runRoot]}.`;
  return [finding({ ...about, found }, isFine, true, 'export KVMLAB_RUN_ROOT="$HOME/.cache/kvmlab/run"')];
};

const guest: Check = ({ hasTinyGuest, of }) => {
  const isNeeded = of?.lab.vms.some(vm => vm.isTinyGuest) ?? false;
  const about = { id: 'tiny-guest', title: 'Tiny guest', purpose: 'A Linux of a few megabytes that the samples boot.' };
  const found = hasTinyGuest ? 'It is built.' : 'It is not built yet.';
  return [finding({ ...about, found }, hasTinyGuest, isNeeded, 'kvmlab guest')];
};

const memory: Check = ({
  facts: {
    memory: { availableMb, totalMb },
  },
}) => {
  const about = { id: 'memory', title: 'Memory', purpose: 'For the guests; 64 MB more for each QEMU.' };
  const found = `${availableMb} MB of ${totalMb} MB are free.`;
  return [finding({ ...about, found }, availableMb >= littleMemoryMb, false)];
};

const disk: Check = ({ facts, of }) => {
  const folder = of ? folderOf(of.path) : undefined;
  const free = folder === undefined ? undefined : facts.freeBytes.get(folder);
  if (free === undefined) return [];
  const about = { id: 'disk', title: 'Disk space', purpose: 'Overlays and images grow while guests write.' };
  const found = `${Math.floor(free / 1024 ** 2)} MB are free in ${folder}.`;
  const isNeeded = of?.lab.vms.some(vm => vm.image !== undefined || vm.disks.length > 0) ?? false;
  return [finding({ ...about, found }, free >= littleDisk, isNeeded)];
};

const ports: Check = ({ facts, of }) => {
  if (!of) return [];
  const { vms, switches } = stoppedOf(of.lab, of.snapshot);
  const wanted = wantedPorts(of.lab, vms, switches);
  const taken = takenPorts(wanted, facts);
  const about = { id: 'ports', title: 'Ports', purpose: 'Consoles, monitors, displays and forwards of the lab.' };
  const found = taken.length === 0 ? `All ${wanted.length} that are wanted are free.` : taken.join(' ');
  return [finding({ ...about, found }, taken.length === 0, true)];
};

export const hostChecks: readonly Check[] = [kvm, runRoot, guest, memory, disk, ports];
