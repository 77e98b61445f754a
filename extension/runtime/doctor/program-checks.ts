import { finding, tapsOf, type Check, type Patient } from './check.ts';

interface ProgramRow {
  readonly id: string;
  readonly title: string;
  readonly purpose: string;
  /** All of them, or, with `isOneEnough`, one. */
  readonly programs: readonly string[];
  readonly isOneEnough?: boolean;
  /** Debian's packages. */
  readonly packages: string;
  readonly isNeeded: (patient: Patient) => boolean;
}

const always = (): boolean => true;
const never = (): boolean => false;
const hasTap = (patient: Patient): boolean => tapsOf(patient).length > 0;

const rows: readonly ProgramRow[] = [
  {
    ...{ id: 'qemu', title: 'QEMU', purpose: 'Runs the VMs.' },
    ...{ programs: ['qemu-system-x86_64'], packages: 'qemu-system-x86', isNeeded: always },
  },
  {
    ...{ id: 'vde', title: 'VDE', purpose: 'The switches, wires, and questions to them and to VMs.' },
    ...{ programs: ['vde_switch', 'vde_plug', 'unixcmd'], packages: 'vde-switch vdeplug vde2', isNeeded: always },
  },
  {
    ...{ id: 'shell', title: 'Shell tools', purpose: 'What the scripts use: locks, time limits.' },
    ...{ programs: ['bash', 'flock', 'timeout', 'awk', 'ip'], isNeeded: always },
    packages: 'bash util-linux coreutils mawk iproute2',
  },
  {
    ...{ id: 'qemu-img', title: 'qemu-img', purpose: 'Makes disks and overlays over images.' },
    ...{ programs: ['qemu-img'], packages: 'qemu-utils' },
    isNeeded: ({ of }) => of?.lab.vms.some(vm => vm.image !== undefined || vm.disks.some(disk => disk.size)) ?? false,
  },
  {
    ...{ id: 'sudo', title: 'sudo', purpose: 'Makes taps, rules and bridges; nothing else needs root.' },
    ...{ programs: ['sudo'], packages: 'sudo', isNeeded: patient => hasTap(patient) && !patient.facts.user.isRoot },
  },
  {
    ...{ id: 'nft', title: 'nftables', purpose: 'NAT, proxy and DNS for switches with a tap.' },
    ...{ programs: ['nft'], packages: 'nftables' },
    isNeeded: patient => tapsOf(patient).some(({ tap }) => tap.nat || tap.proxy !== undefined || tap.dns !== undefined),
  },
  {
    ...{ id: 'wirefilter', title: 'wirefilter', purpose: 'Wires that lose, delay and damage packets.' },
    ...{ programs: ['wirefilter'], packages: 'vde-wirefilter', isNeeded: never },
  },
  {
    ...{ id: 'ssh', title: 'ssh', purpose: 'Wires to switches on other hosts.' },
    ...{ programs: ['ssh'], packages: 'openssh-client', isNeeded: never },
  },
  {
    ...{ id: 'wireshark', title: 'Wireshark', purpose: 'Shows captures; tshark explains frames in the editor.' },
    ...{ programs: ['wireshark', 'tshark'], isOneEnough: true, packages: 'wireshark tshark', isNeeded: never },
  },
];

/** Every program that the doctor asks for. */
export const programNames: readonly string[] = rows.flatMap(row => row.programs);

export const programChecks: readonly Check[] = rows.map(row => patient => {
  const missing = row.programs.filter(program => !patient.facts.programs.has(program));
  const isFine = row.isOneEnough ? missing.length < row.programs.length : missing.length === 0;
  const there = row.programs.filter(program => patient.facts.programs.has(program));
  const found = isFine ? `${there.join(', ')} installed.` : `Not installed: ${missing.join(', ')}.`;
  const { id, title, purpose } = row;
  return [
    finding({ id, title, purpose, found }, isFine, row.isNeeded(patient), `sudo apt-get install ${row.packages}`),
  ];
});
