import * as z from 'zod/mini';
import * as value from './schema-values.ts';

/**
 * The lab file, written once: the types, the checks of single values, the JSON Schema, completion and hover come
 * from here. Each key carries its description and, if it has one, its default.
 */

function key<Schema extends z.ZodMiniType>(schema: Schema, description: string, defaultValue?: unknown) {
  const optional = z.optional(schema);
  z.globalRegistry.add(optional, { description, ...(defaultValue === undefined ? {} : { default: defaultValue }) });
  return optional;
}

/** A list that may be written without its brackets if it has one item; the reader takes it item by item. */
function oneOrMore<Item extends z.ZodMiniType>(item: Item, description: string) {
  return Object.assign(key(z.union([item, z.array(item)]), description), { itemSchema: item });
}

/** How commands are run in a guest, at its serial console. */
export const shellKeys = {
  user: key(value.userName, 'Who logs in there; by default the user of cloud-init.'),
  secret: key(value.secretName, 'Name of the secret that is the password: $KVMLAB_SECRET_NAME, or asked for.'),
  prompt: oneOrMore(value.line, 'What the line ends with while a command is waited for, such as "> ".'),
  command: key(value.commandForm, 'How a command is typed where there is no Unix shell; {} stands for it.'),
  status: key(value.line, 'What is typed afterwards to see the exit status, the last number printed then.'),
  failure: oneOrMore(value.line, 'What the lines of a failure begin with, such as "% ".'),
};

const shellKey = {
  shell: key(z.strictObject(shellKeys), 'How commands are run in the guest, if it is no Linux that lets in.'),
};

const hostKey = { host: key(value.text, 'The host that runs it; by default this one.') };

export const defaultsKeys = {
  memory: key(value.memory, 'Memory of each VM: a number with M or G.', '256M'),
  cpus: key(value.cpus, 'Number of CPUs of each VM.', 1),
  accel: key(value.accel, 'Acceleration: auto uses KVM where it works, tcg is software emulation.', 'auto'),
  model: key(value.nicModel, 'Model of each NIC, by QEMU’s device names.', 'virtio'),
  'mac-prefix': key(value.macPrefix, 'The first three bytes of each MAC; ID and number of the NIC follow.', '52:54:00'),
  vnc: key(value.flag, 'Whether each VM has a display (VNC) on port 30000 + ID.', false),
  ...shellKey,
  ...hostKey,
};

export const diskKeys = {
  file: key(value.path, 'Path of the disk image, from the folder of the lab file or absolute.'),
  size: key(value.diskSize, 'If given, a missing image is made with this size before the first start, such as 4G.'),
  format: key(value.diskFormat, 'Format of the image; by default raw for .img, .raw, .iso and /dev/…, else qcow2.'),
};

export const imageKeys = {
  file: key(value.path, 'Path of the image, from the folder of the lab file or absolute. Either this or `url`.'),
  url: key(value.imageUrl, 'Where the image is fetched from, by `kvmlab image fetch`. Needs `sha256`.'),
  sha256: key(
    value.sha256,
    'SHA-256 of the image: 64 hexadecimal digits. What does not have it is not used. Must be given with `url`.',
  ),
  format: key(value.diskFormat, 'Format of the image; by default raw for .img, .raw, .iso and /dev/…, else qcow2.'),
  size: key(value.diskSize, 'Size of the disk that each VM sees, such as 20G; by default the size of the image.'),
};

export const cloudInitKeys = {
  user: key(value.userName, 'Login that is made in the guest; it may become root with sudo.'),
  password: key(value.line, 'Password of `user`, for the consoles. Everybody who reads this file can read it.'),
  'ssh-keys': oneOrMore(value.sshKey, 'Public SSH keys that may log in as `user`, such as "ssh-ed25519 AAAA… me".'),
  hostname: key(value.hostName, 'Name that the guest gives itself. By default the name of the VM.'),
  packages: oneOrMore(value.packageName, 'Packages that are installed at the first boot.'),
};

/** What can be wrong with one direction of a wire. */
export const wayKeys = {
  delay: key(value.fault('delay'), 'Delay of each packet, such as 20ms.'),
  jitter: key(
    value.fault('jitter'),
    'By how much the delay varies: 5ms; "5ms normal": small differences are likelier.',
  ),
  loss: key(value.fault('loss'), 'Share of packets that get lost, such as 1%.'),
  burst: key(value.fault('burst'), 'Loss comes in bursts: the mean number of packets in one.'),
  duplicate: key(value.fault('duplicate'), 'Share of packets that arrive twice, such as 1%.'),
  bandwidth: key(value.fault('bandwidth'), 'Bottleneck on the way, such as 10Mbit: packets wait for it.'),
  speed: key(value.fault('speed'), 'Speed of the interface, such as 10Mbit: who sends waits.'),
  buffer: key(value.fault('buffer'), 'How many bytes may wait, such as 64kB; what does not fit is lost.'),
  noise: key(value.fault('noise'), 'Damaged bits per megabyte.'),
  mtu: key(value.fault('mtu'), 'Largest IP packet that passes, such as 1400. A VLAN tag counts 4 bytes.'),
};

const bothWaysKeys = {
  ...wayKeys,
  there: key(z.strictObject(wayKeys), 'Only from the first end to the second; of a NIC: to its switch.'),
  back: key(z.strictObject(wayKeys), 'Only from the second end to the first; of a NIC: from its switch.'),
};

export const wireStateKeys = {
  ...bothWaysKeys,
  to: key(z.record(z.string(), value.percent), 'How likely each other state follows, such as { bad: 5% }.'),
};

const steadyKeys = {
  ...bothWaysKeys,
  reorder: key(value.flag, 'Whether packets may overtake each other.', false),
};

export const presetKeys = {
  ...steadyKeys,
  every: key(value.chainTime, 'How often chance decides on the next of `states`.', '100ms'),
  states: key(
    z.record(z.string(), z.strictObject(wireStateKeys)),
    'States between which the wire changes by chance, by name; it begins in the first.',
  ),
};

const presetKey = {
  preset: key(value.text, 'A wire that people know, such as lte, or one of `presets`. Other keys here count more.'),
};

export const wireFaultKeys = { ...presetKey, ...presetKeys };

export const scenarioStepKeys = {
  at: key(value.time, 'When it begins, counted from the start of the scenario: 30s, 1.5m.', '0s'),
  for: key(value.time, 'How long it lasts; then all is as it was before.'),
  random: key(value.time, 'It begins up to so much later: chance decides, by the seed.', '0s'),
  wire: key(value.text, 'A wire, or VM/NIC as in web/1, that has the faults of this step; other faults stay.'),
  flap: key(value.text, 'A wire, or VM/NIC as in web/1, that is pulled and plugged in, again and again.'),
  every: key(value.flapTime, 'From one pull of `flap` to the next.', '2s'),
  pause: key(value.text, 'A VM that stands still.'),
  kill: key(value.text, 'A switch that dies; it is started again at the end.'),
  ...presetKey,
  ...steadyKeys,
};

export const nicKeys = {
  switch: key(value.text, 'The switch that this NIC plugs into.'),
  address: oneOrMore(
    value.address,
    'dhcp, or address with prefix length; one or a list. The tiny guest sets it; for other guests it documents and checks.',
  ),
  vlan: key(value.vlan, 'The untagged VLAN of this NIC’s port (1 to 4094). Without it the port is in no VLAN.'),
  tagged: key(
    z.union([value.vlan, z.array(value.vlan), z.record(z.string(), z.union([value.address, z.array(value.address)]))]),
    'VLANs that reach this NIC with their tags: a list, or a map from VLAN to the address(es) of the sub-interface.',
  ),
  port: key(value.portNumber, 'A fixed port of the switch. By default NICs get the lowest free ports, in file order.'),
  model: key(value.nicModel, 'Model of this NIC, by QEMU’s device names.', 'virtio'),
  wire: key(
    z.union([value.text, z.strictObject(wireFaultKeys)]),
    'What is wrong with the wire to the switch: a preset such as lte, or { delay: 20ms, loss: 1% }.',
  ),
  mac: key(value.mac, 'MAC of this NIC. By default it follows from the VM’s ID: 52:54:00:ID:ID:number.'),
};

const nicSchema = z.strictObject(nicKeys);

/** What shows that a VM is ready; all that is given has to hold. */
export const readyKeys = {
  prompt: key(value.pattern, 'Text on the serial console; between slashes a regular expression.'),
  port: key(value.tcpPort, 'TCP port that answers, such as tcp/22.'),
  command: key(value.line, 'Command in the guest that succeeds.'),
  answer: key(value.pattern, 'What `command` has to print; between slashes a regular expression.'),
  agent: key(value.flag, 'Whether the QEMU guest agent answers.'),
  within: key(value.time, 'Longest time from the start.', '3m'),
};

export const installKeys = {
  script: key(value.path, 'Install script (*.install.yaml), from the folder of the lab file.'),
  vars: key(
    z.record(z.string(), z.union([value.text, z.number(), z.boolean()])),
    'Values of its variables; secrets are asked for.',
  ),
  kernel: key(value.path, 'Kernel of the installer, only while it installs.'),
  initrd: key(value.path, 'Initial RAM disk of the installer.'),
  append: key(value.kernelArguments, 'Kernel command line of the installer.'),
  cdrom: key(value.path, 'CD image (ISO) of the installer.'),
};

/** What a VM can have from a template, which is no VM itself and extends no other one. */
export const templateKeys = {
  description: key(value.text, 'What this VM is for, in your words.'),
  ...hostKey,
  memory: key(value.memory, 'Memory: a number with M or G.', '256M'),
  cpus: key(value.cpus, 'Number of CPUs.', 1),
  accel: key(value.accel, 'Acceleration: auto uses KVM where it works, tcg is software emulation.', 'auto'),
  image: key(
    value.path,
    'Image of the first disk: a name of `images`, or a path. It is never written: what the VM writes goes into an overlay.',
  ),
  disks: key(
    z.union([value.path, z.array(z.union([value.path, z.strictObject(diskKeys)]))]),
    'Disk images, in order: a path, or { file, size, format }. With a size, a missing image is made.',
  ),
  cdrom: key(value.path, 'CD image (ISO) in the drive.'),
  sticks: oneOrMore(value.path, 'Images of USB sticks that are in it at its start; [] only gives it a USB controller.'),
  kernel: key(value.path, 'Linux kernel that QEMU loads directly, without a boot loader.'),
  initrd: key(value.path, 'Initial RAM disk for `kernel`.'),
  append: key(value.kernelArguments, 'Kernel command line, for `kernel` or the tiny guest, such as console=ttyS0.'),
  guest: key(
    value.guest,
    'tiny: the tiny guest, which configures itself from this entry. Its kernel is found by itself.',
  ),
  'cloud-init': key(
    z.strictObject(cloudInitKeys),
    'What cloud-init sets up in the guest at its first boot: a login, and the addresses of its NICs (NoCloud).',
  ),
  gateway: key(value.gateway, 'Default router of this VM. The tiny guest sets it; for other guests it is checked.'),
  forward: key(value.flag, 'Whether the tiny guest routes between its NICs.', false),
  boot: oneOrMore(
    value.bootDevice,
    'What to boot from, in order: disk, cdrom, network (PXE). By default QEMU’s order.',
  ),
  vnc: key(value.flag, 'Whether there is a display (VNC) on port 30000 + ID of localhost.', false),
  ...shellKey,
  ready: key(
    z.union([value.text, z.strictObject(readyKeys)]),
    'What shows that it is ready: tcp/22, agent, a text on the serial console, or { command: …, within: 90s }.',
  ),
  after: oneOrMore(value.text, 'VMs that are to be ready before this one starts; NAME-* for all of a row.'),
  extra: oneOrMore(value.argument, 'More arguments for QEMU, one list item each, passed as they are.'),
  nics: key(z.array(nicSchema), 'Network cards, in order; the first is number 1.'),
  install: key(
    z.union([value.path, z.strictObject(installKeys)]),
    'Install script (*.install.yaml), or { script, vars, kernel, … }, for `kvmlab install`.',
  ),
};

export const vmKeys = {
  id: key(value.id, 'Number of the VM, unique on the host, 1 to 9999. Console ports and MACs follow from it.'),
  extends: key(value.text, 'A template of this lab: its keys count where this VM has none. Lists are replaced whole.'),
  count: key(
    value.rowCount,
    'Makes a row of equal VMs, NAME-1, NAME-2, …: IDs and addresses count up from those given here.',
  ),
  ...templateKeys,
};

const vmSchema = z.strictObject(vmKeys);

export const slirpKeys = {
  forward: oneOrMore(
    value.forward,
    'Ports of the host that lead to a VM: "tcp 2222 10.0.2.15:22". On 127.0.0.1 unless an address is given.',
  ),
};

export const pxeKeys = {
  root: key(value.bootRoot, 'Folder beside the lab file that TFTP serves, such as tftp.'),
  file: key(value.bootFile, 'What VMs boot, in this folder: an iPXE script such as boot.ipxe, or a boot loader.'),
};

export const tapKeys = {
  interface: key(value.interfaceName, 'Name of the host’s tap interface, at most 15 characters.'),
  address: key(value.cidr, 'The host’s address on this switch, such as 192.168.99.1/24.'),
  group: key(value.userGroup, 'Group of the host whose members may use the tap, and plug in at /tmp/kvmlab-tap-NAME.'),
  nat: key(value.flag, 'Whether VMs get out through the host (NAT, nftables).', false),
  proxy: key(value.hostPort, 'Web proxy that VMs find at the tap’s address, such as 10.1.2.3:3128.'),
  dns: key(value.ipv4, 'Name server that VMs find at the tap’s address, such as 10.1.2.3.'),
  bridge: key(value.interfaceName, 'Bridge of the host that the tap is in, such as br0: VMs stand in its LAN.'),
  lan: key(value.interfaceName, 'Interface of the host that `bridge-up` puts into the bridge, such as eth0.'),
};

export const stpKeys = {
  priority: key(value.priority, 'Priority of this switch in the spanning tree; the lowest becomes the root.', 32768),
};

export const switchKeys = {
  description: key(value.text, 'What this switch is for, in your words.'),
  ...hostKey,
  network: key(value.network, 'The network on this switch, such as 192.168.10.0/24. Addresses are checked against it.'),
  vlans: oneOrMore(value.vlan, 'VLANs of this switch, besides those that its NICs and wires use.'),
  ports: key(value.portCount, 'Number of ports.', 31),
  stp: key(z.union([value.flag, z.strictObject(stpKeys)]), 'Spanning tree, for switches in a ring.', false),
  slirp: key(
    z.union([value.flag, z.strictObject(slirpKeys)]),
    'Uplink: DHCP and NAT to the outside without root. The network is 10.0.2.0/24 unless `network` says otherwise.',
    false,
  ),
  pxe: key(
    z.strictObject(pxeKeys),
    'VMs with `boot: network` boot from here: DHCP and TFTP without root. Without `slirp` it is no way outside.',
  ),
  tap: key(z.strictObject(tapKeys), 'The host joins this switch with a tap interface. Its script needs root.'),
};

const switchSchema = z.strictObject(switchKeys);

export const wireKeys = {
  between: key(
    z.array(value.text).check(z.length(2)),
    'The switch that the wire joins with another one, or with the outside: ssh://me@other/LAB/SWITCH, udp://…, tap://….',
  ),
  vlan: key(value.vlan, 'The untagged VLAN of the wire’s two ports.'),
  tagged: oneOrMore(value.vlan, 'VLANs that cross the wire with their tags (a trunk).'),
  ...wireFaultKeys,
};

export const hostKeys = {
  ssh: key(value.sshDestination, 'As ssh takes it: me@left. By default its name here.'),
  run: key(value.hostFolder, 'Run-time folders there.'),
  scripts: key(value.hostFolder, 'Folder of scripts there.', 'kvmlab'),
  shared: oneOrMore(value.hostFolder, 'Folders with the same files there and here.'),
};

export const groupKeys = {
  vms: oneOrMore(value.text, 'The VMs of this group; NAME-* for all of a row. A VM is in at most one group.'),
  colour: key(value.colour, 'Colour in the picture, such as "#F5C26B".'),
};

export const checkKeys = {
  check: key(value.line, 'What must hold: pc must not reach dmz.'),
  on: key(value.text, 'The VM for `run`.'),
  run: key(value.line, 'A line for its shell.'),
  prints: key(value.pattern, 'What comes out; between slashes a regular expression.'),
  status: key(value.exitStatus, 'Its exit status.', 0),
  wait: key(value.time, 'Time for it to come true: 30s.', '0s'),
};

export const pinKeys = {
  column: key(value.gridNumber, 'Column in the clear picture, counted from 0.'),
  row: key(value.gridNumber, 'Row in the clear picture: how many buses lie above.'),
};

export const pictureKeys = {
  pins: key(
    z.record(z.string(), z.strictObject(pinKeys)),
    'VMs that keep their places in the picture, by name; a switch’s host interface or uplink as SWITCH/tap, SWITCH/uplink.',
  ),
};

export const labKeys = {
  name: key(value.text, 'Name of the lab and of its folder of scripts. By default the file’s name.'),
  description: key(value.text, 'What this lab is for, in your words.'),
  include: oneOrMore(
    value.includedPath,
    'YAML files of the workspace whose templates, defaults, images, switches and VMs belong to this lab too.',
  ),
  defaults: key(z.strictObject(defaultsKeys), 'Defaults for every VM of this lab.'),
  templates: key(
    z.record(z.string(), z.strictObject(templateKeys)),
    'What VMs that extend it have in common, by name. A template has the keys of a VM but id, count and extends.',
  ),
  images: key(
    z.record(z.string(), z.strictObject(imageKeys)),
    'Disk images that VMs start from, by name: a file, or a URL with its SHA-256.',
  ),
  switches: key(z.record(z.string(), switchSchema), 'The switches, by name.'),
  vms: key(z.record(z.string(), vmSchema), 'The VMs, by name.'),
  hosts: key(z.record(z.string(), z.strictObject(hostKeys)), 'Other hosts, by name, reached by ssh.'),
  locks: key(value.lockFolder, 'Folder that all hosts share: a lock for each VM.'),
  groups: key(
    z.record(z.string(), z.strictObject(groupKeys)),
    'VMs that are drawn together, started and stopped together, by name.',
  ),
  wires: key(z.array(z.strictObject(wireKeys)), 'Wires between switches, and from a switch to other hosts.'),
  presets: key(
    z.record(z.string(), z.strictObject(presetKeys)),
    'Bad wires of your own, by name, for `preset` and `wire`.',
  ),
  scenarios: key(
    z.record(z.string(), z.array(z.strictObject(scenarioStepKeys))),
    'Faults by a timetable, by name, for `kvmlab scenario`: { at: 30s, for: 60s, wire: lan-dmz, loss: 5% }.',
  ),
  checks: key(
    z.record(z.string(), z.union([value.line, z.strictObject(checkKeys)])),
    'What must hold, by name, for `kvmlab test`: pc reaches web on tcp/80.',
  ),
  picture: key(z.strictObject(pictureKeys), 'How the lab is drawn. Written only when something is pinned there.'),
};

/** What an included file can have of this: what labs share, no lab. */
export const includedKeys = {
  templates: labKeys.templates,
  images: labKeys.images,
  defaults: labKeys.defaults,
  hosts: labKeys.hosts,
  switches: labKeys.switches,
  vms: labKeys.vms,
};

export const labSchema = z.strictObject(labKeys);
