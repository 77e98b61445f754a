import { tinyGuestAppend } from '../guest/append.ts';
import { monitorPort, serialPort, vncDisplay } from '../lab/networks/addressing.ts';
import { resolvePath } from '../lab/files.ts';
import { nicWire, switchFiles, vmFiles, wireFiles } from '../lab/layout.ts';
import { hasAgent } from '../lab/ready.ts';
import type { BootDevice, Disk, Nic, Vm } from '../lab/model.ts';
import { deviceName, nicIds } from '../qemu/nic-ids.ts';
import { controllerDevice, stickDevice, stickId } from '../qemu/live-sticks.ts';
import { cdDriveId } from '../qemu/qmp-queries.ts';
import { faultSettings } from './fault-settings.ts';
import type { Setting } from './settings.ts';
import { resolveSteps, text, words, type Part, type Step, type Variables, type Word } from './step.ts';

/** The settings block of a VM's script. */
export function vmSettings(vm: Vm, id: number): readonly Setting[] {
  return [
    { name: 'ID', value: String(id), comment: 'consoles: serial 10000+ID, monitor 20000+ID, display 30000+ID' },
    { name: 'RAM', value: vm.memory },
    { name: 'CPUS', value: String(vm.cpus) },
    { name: 'ACCEL', value: vm.accel, comment: 'auto, kvm, or tcg (software emulation)' },
    { name: 'QEMU', value: 'qemu-system-x86_64' },
    ...imageSettings(vm),
    ...vm.disks.map((disk, at): Setting => ({ name: `DISK${at + 1}`, value: disk.file, isPath: true })),
    ...(vm.cloudInit
      ? [
          {
            name: 'SEED',
            value: vm.cloudInit.seed,
            isPath: true,
            comment: 'what cloud-init reads; empty: nothing',
          } as const,
        ]
      : []),
    { name: 'CDROM', value: vm.cdrom ?? '', isPath: true },
    ...(vm.sticks ?? []).map((file, at): Setting => ({ name: `STICK${at + 1}`, value: file, isPath: true })),
    {
      name: 'BOOT',
      value: vm.boot.map(device => bootLetters[device]).join(''),
      comment: 'c disk, d CD, n network; empty: as QEMU does',
    },
    { name: 'GUEST', value: vm.isTinyGuest ? 'tiny' : '', comment: 'tiny: kernel and initrd are the tiny guest' },
    { name: 'KERNEL', value: vm.kernel ?? '', isPath: true },
    { name: 'INITRD', value: vm.initrd ?? '', isPath: true },
    { name: 'APPEND', value: vm.isTinyGuest ? tinyGuestAppend(vm) : (vm.append ?? '') },
    { name: 'VNC', value: vm.vnc ? 'yes' : 'no' },
    ...vm.nics.flatMap(nicSettings),
    { name: 'EXTRA', value: vm.extra, comment: 'more arguments for QEMU' },
  ];
}

function imageSettings({ image }: Vm): readonly Setting[] {
  const place = image?.source?.place;
  if (!place) return [];
  const value = place.kind === 'file' ? place.path : place.url;
  return [
    { name: 'IMAGE', value, isPath: true, comment: 'only read; a URL: as kvmlab image fetch has got it' },
    { name: 'IMAGE_SHA256', value: place.sha256 ?? '' },
    { name: 'OVERLAY', value: image.overlay, isPath: true, comment: 'the first disk: what the VM writes over IMAGE' },
  ];
}

const bootLetters: Record<BootDevice, string> = { disk: 'c', cdrom: 'd', network: 'n' };

const nicSettings = (nic: Nic): readonly Setting[] => [
  { name: `NIC${nic.number}`, value: nic.switch, comment: nic.addresses.join(' ') },
  { name: `NIC${nic.number}_PORT`, value: String(nic.port ?? 0) },
  { name: `NIC${nic.number}_MAC`, value: nic.mac ?? '' },
  { name: `NIC${nic.number}_MODEL`, value: deviceName(nic.model) },
  ...(nic.faults ? faultSettings(nic.faults, `NIC${nic.number}_`) : []),
];

/** QEMU's command line, argument by argument, over the settings and what the script finds out when it runs. */
export function vmSteps(vm: Vm): readonly Step[] {
  return [
    nameStep(vm.name),
    ...machineSteps,
    ...consoleSteps(vm.name),
    ...(vm.image?.source ? [overlayStep] : []),
    ...vm.disks.map(diskStep),
    ...(vm.cloudInit ? [seedStep] : []),
    fullCdStep,
    ...(vm.cdrom === undefined ? [] : [emptyCdStep]),
    ...stickSteps(vm),
    ...bootSteps,
    ...vm.nics.map(nic => nicStep(vm.name, nic)),
    ...(hasAgent(vm) ? [agentStep(vm.name)] : []),
    extraStep,
  ];
}

const nameStep = (name: string): Step => ({
  comment: undefined,
  words: [text({ variable: 'QEMU' }), ...words('-name', `${name},process=${name}`)],
});

const machineSteps: readonly Step[] = [
  {
    comment: 'The machine; without a display the firmware speaks on the serial console.',
    words: words('-machine', 'pc,graphics=off'),
    when: { variable: 'VNC', is: 'no' },
  },
  {
    comment: undefined,
    words: [
      ...words('-machine', 'pc', '-vga', 'std', '-usb', '-device', 'usb-tablet', '-vnc'),
      text('127.0.0.1:', { variable: 'display' }),
    ],
    when: { variable: 'VNC', is: 'yes' },
  },
  {
    comment: 'The clipboard of the display, for guests that run spice-vdagent.',
    words: words(
      ...['-device', 'virtio-serial-pci', '-chardev', 'qemu-vdagent,id=vdagent,name=vdagent,clipboard=on'],
      ...['-device', 'virtserialport,chardev=vdagent,name=com.redhat.spice.0'],
    ),
    when: { variable: 'VNC', is: 'yes' },
  },
  {
    comment: undefined,
    words: [
      ...words('-accel'),
      text({ variable: 'accel' }),
      ...words('-cpu'),
      text({ variable: 'cpu' }),
      ...words('-m'),
      text({ variable: 'RAM' }),
      ...words('-smp'),
      text({ variable: 'CPUS' }),
      ...words('-nodefaults', '-no-user-config', '-display', 'none'),
    ],
  },
];

function consoleSteps(name: string): readonly Step[] {
  const files = vmFiles(name);
  const run = (file: string) => [{ variable: 'run', comma: true }, `/${file}`] as const;
  return [
    {
      comment: 'Serial console by telnet; the log keeps what is printed while nobody looks.',
      words: [
        ...words('-chardev'),
        text(
          'socket,id=serial,host=127.0.0.1,port=',
          { variable: 'serial' },
          ',server=on,wait=off,telnet=on,logfile=',
          ...run(files.consoleLog),
          ',logappend=on',
        ),
        ...words('-serial', 'chardev:serial'),
      ],
    },
    {
      comment: "QEMU's monitor by telnet, and QMP: one socket for short commands, one for a watcher.",
      words: [
        ...words('-chardev'),
        text('socket,id=monitor,host=127.0.0.1,port=', { variable: 'monitor' }, ',server=on,wait=off,telnet=on'),
        ...words('-mon', 'chardev=monitor,mode=readline'),
        ...words('-qmp'),
        text('unix:', ...run(files.qmp), ',server=on,wait=off'),
        ...words('-qmp'),
        text('unix:', ...run(files.watchQmp), ',server=on,wait=off'),
        ...words('-pidfile'),
        text({ variable: 'run' }, `/${files.pid}`),
        ...words('-daemonize'),
      ],
    },
  ];
}

const overlayStep: Step = {
  comment: undefined,
  words: [...words('-drive'), text('file=', { variable: 'OVERLAY', comma: true }, ',if=virtio,id=disk0,format=qcow2')],
};

const seedStep: Step = {
  comment: undefined,
  words: [
    ...words('-drive'),
    text('file=', { variable: 'SEED', comma: true }, ',if=virtio,readonly=on,id=seed,format=raw'),
  ],
  when: { variable: 'SEED' },
};

function diskStep(disk: Disk, at: number): Step {
  const variable = `DISK${at + 1}`;
  const options = `,if=virtio,id=disk${at + 1},format=${disk.format}`;
  return {
    comment: undefined,
    words: [...words('-drive'), text('file=', { variable, comma: true }, options)],
    when: { variable },
  };
}

/** By its ID the CD is changed while the VM runs. A VM without `cdrom:` in the lab has no drive. */
const cdDrive = (...file: readonly Part[]): readonly Word[] => [
  ...words('-drive'),
  text(...file, `if=ide,media=cdrom,id=${cdDriveId}`),
];
const fullCdStep: Step = {
  comment: undefined,
  words: cdDrive('file=', { variable: 'CDROM', comma: true }, ',format=raw,readonly=on,'),
  when: { variable: 'CDROM' },
};
const emptyCdStep: Step = {
  comment: 'Without an image the drive is empty.',
  words: cdDrive(),
  when: { variable: 'CDROM', is: '' },
};

/** Through -blockdev, so that QEMU lets go of the image when the stick is pulled out. */
const stickSteps = ({ sticks }: Vm): readonly Step[] =>
  sticks === undefined
    ? []
    : [
        { comment: 'USB sticks; others come and go while the VM runs.', words: words('-device', controllerDevice) },
        ...sticks.map((_, at): Step => {
          const [variable, id] = [`STICK${at + 1}`, stickId(at + 1)];
          return {
            comment: undefined,
            words: [
              ...words('-blockdev'),
              text(`driver=raw,node-name=${id},file.driver=file,file.filename=`, { variable, comma: true }),
              ...words('-device', stickDevice(id)),
            ],
            when: { variable },
          };
        }),
      ];

const bootSteps: readonly Step[] = [
  { comment: undefined, words: [...words('-boot'), text('order=', { variable: 'BOOT' })], when: { variable: 'BOOT' } },
  { comment: undefined, words: [...words('-kernel'), text({ variable: 'KERNEL' })], when: { variable: 'KERNEL' } },
  { comment: undefined, words: [...words('-initrd'), text({ variable: 'INITRD' })], when: { variable: 'INITRD' } },
  { comment: undefined, words: [...words('-append'), text({ variable: 'APPEND' })], when: { variable: 'APPEND' } },
];

/** One step for each number, made once: it is the same for every VM. */
const nicSteps = new Map<number, Step>();

function nicStep(vm: string, { number, faults }: Nic): Step {
  if (faults) return makeNicStep(number, badPlug(vm, number));
  const known = nicSteps.get(number) ?? makeNicStep(number);
  nicSteps.set(number, known);
  return known;
}

/** NIC – hub – plug: the hub lets the plug be pulled and put into another port while the guest keeps its NIC. */
function makeNicStep(number: number, address: readonly Part[] = switchPlug(number)): Step {
  const setting = (rest: string) => ({ variable: `NIC${number}${rest}` });
  const { nic, card, vde, plug } = nicIds(number);
  return {
    comment: `NIC ${number}; the hub between it and the switch lets the plug be moved while the VM runs.`,
    words: [
      ...words('-netdev', `hubport,id=${nic},hubid=${number}`, '-device'),
      text(setting('_MODEL'), `,netdev=${nic},id=${card},mac=`, setting('_MAC'), { variable: 'rom' }),
      ...words('-netdev'),
      text(`vde,id=${vde},sock=`, ...address),
      ...words('-netdev', `hubport,id=${plug},hubid=${number},netdev=${vde}`),
    ],
  };
}

const switchPlug = (number: number): readonly Part[] => {
  const folder = [{ variable: 'run', comma: true }, `/${switchFiles('').socket}`] as const;
  return [...folder, { variable: `NIC${number}` }, ',port=', { variable: `NIC${number}_PORT` }];
};

/** The NIC listens in a folder of its own, where wirefilter plugs in: so either may end and begin again. */
const badPlug = (vm: string, number: number): readonly Part[] => [
  'multi://',
  { variable: 'run', comma: true },
  `/${wireFiles(nicWire(vm, number)).socket}`,
];

/** Behind the NICs, so that these keep their places on the PCI bus, and their names in the guest. */
const agentStep = (name: string): Step => ({
  comment: 'The channel of the QEMU guest agent.',
  words: [
    ...words('-device', 'virtio-serial-pci', '-chardev'),
    text('socket,id=agent,path=', { variable: 'run', comma: true }, `/${vmFiles(name).agent},server=on,wait=off`),
    ...words('-device', 'virtserialport,chardev=agent,name=org.qemu.guest_agent.0'),
  ],
});

const extraStep: Step = { comment: undefined, words: [{ all: 'EXTRA' }] };

/** What the script finds out when it runs; the same for a test that wants to know the arguments beforehand. */
export interface VmSurroundings {
  readonly run: string;
  /** Folder where relative paths start. */
  readonly labFolder: string;
  readonly home: string;
  readonly accel: 'kvm' | 'tcg';
  readonly guestFolder: string;
}

/** The argument list that the script's `command` verb prints. */
export const vmArguments = (vm: Vm, id: number, around: VmSurroundings): readonly string[] =>
  resolveSteps(vmSteps(vm), vmVariables(vm, id, around));

/** What the script's variables hold when the command line is put together. */
export function vmVariables(vm: Vm, id: number, around: VmSurroundings): Variables {
  const variables = new Map<string, string | readonly string[]>();
  for (const { name, value, isPath } of vmSettings(vm, id)) {
    variables.set(
      name,
      isPath && typeof value === 'string' && value !== '' ? resolvePath(value, around.labFolder, around.home) : value,
    );
  }
  if (vm.isTinyGuest) {
    variables.set('KERNEL', `${around.guestFolder}/vmlinuz`).set('INITRD', `${around.guestFolder}/initrd`);
  }
  return new Map<string, string | readonly string[]>([
    ...variables,
    ['run', around.run],
    ['accel', around.accel],
    ['cpu', around.accel === 'kvm' ? 'host' : 'max'],
    ['rom', vm.boot.includes('network') ? '' : ',romfile='],
    ['serial', String(serialPort(id))],
    ['monitor', String(monitorPort(id))],
    ['display', String(vncDisplay(id))],
  ]);
}
