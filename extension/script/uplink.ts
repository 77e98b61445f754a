import { resolvePath } from '../lab/files.ts';
import { switchFiles } from '../lab/layout.ts';
import type { Slirp, SlirpForward, Switch } from '../lab/model.ts';
import { defaultUplinkNetwork } from '../lab/uplink.ts';
import type { Setting } from './settings.ts';
import { resolveSteps, text, words, type Part, type Step } from './step.ts';

/** What of a switch's settings block is of its uplink. */
export function uplinkSettings({ slirp, network }: Switch): readonly Setting[] {
  if (!slirp) return [];
  const { forward, pxe } = slirp;
  return [
    {
      name: 'NETWORK',
      value: network ?? defaultUplinkNetwork,
      comment:
        pxe?.isClosed === true ? 'of the boot server: DHCP and TFTP' : 'of the uplink: DHCP and NAT without root',
    },
    { name: 'FORWARD', value: forward.map(forwardRule), comment: 'host to guest' },
    ...(pxe
      ? [
          { name: 'PXE_ROOT', value: pxe.root, isPath: true, comment: 'folder that TFTP serves' } as const,
          { name: 'PXE_FILE', value: pxe.file, comment: 'what VMs boot, in this folder' },
        ]
      : []),
    { name: 'QEMU', value: 'qemu-system-x86_64', comment: 'the uplink is a QEMU without a machine' },
  ];
}

const forwardRule = ({ protocol, hostAddress, hostPort, guestAddress, guestPort }: SlirpForward): string =>
  `${protocol}:${hostAddress}:${hostPort}-${guestAddress}:${guestPort}`;

/** Bash that makes PXE_ROOT absolute. */
export const resolvePxeRoot: readonly string[] = [
  'case $PXE_ROOT in',
  '  /*) ;;',
  '  \\~/*) PXE_ROOT=$HOME/${PXE_ROOT:2} ;;',
  '  *) PXE_ROOT=$lab/$PXE_ROOT ;;',
  'esac',
];

/** QEMU's user-mode network, plugged into the switch: a machine without a processor, memory or NIC. */
export function uplinkSteps({ name }: Switch, { port, pxe }: Slirp): readonly Step[] {
  const files = switchFiles(name);
  return [
    {
      comment: 'The uplink: the user-mode network of a QEMU without a machine, plugged into a port of the switch.',
      words: [
        text({ variable: 'QEMU' }),
        ...words('-machine', 'none', '-name', `switch-${name}.uplink`, '-nodefaults', '-no-user-config'),
        ...words('-display', 'none', '-pidfile'),
        text({ variable: 'run' }, `/${files.uplinkPid}`),
        ...words('-daemonize', '-netdev'),
        text('user,id=nat,net=', { variable: 'NETWORK' }, ...bootParts(pxe), { variable: 'forward' }),
        ...words('-netdev'),
        text('vde,id=vde,sock=', { variable: 'run', comma: true }, `/${files.socket},port=${port}`),
        ...words('-netdev', 'hubport,id=hub1,hubid=1,netdev=nat', '-netdev', 'hubport,id=hub2,hubid=1,netdev=vde'),
      ],
    },
  ];
}

/** `restrict=on` lets through what QEMU answers itself: DHCP and TFTP. */
const bootParts = (pxe: Slirp['pxe']): readonly Part[] =>
  pxe
    ? [
        ...(pxe.isClosed ? [',restrict=on'] : []),
        ...([
          ',tftp=',
          { variable: 'PXE_ROOT', comma: true },
          ',bootfile=',
          { variable: 'PXE_FILE', comma: true },
        ] as const),
      ]
    : [];

/** Where a switch's script runs. */
export interface UplinkPlaces {
  readonly run: string;
  /** Folder where relative paths start. */
  readonly labFolder: string;
  readonly home: string;
}

/** The argument list of the uplink as the script starts it; undefined: the switch has none. */
export function uplinkArguments(it: Switch, { run, labFolder, home }: UplinkPlaces): readonly string[] | undefined {
  if (!it.slirp) return undefined;
  const { forward, pxe } = it.slirp;
  const values = new Map(uplinkSettings(it).map(({ name, value }) => [name, value]));
  if (pxe) values.set('PXE_ROOT', resolvePath(pxe.root, labFolder, home));
  const rules = forward.map(rule => `,hostfwd=${forwardRule(rule)}`).join('');
  return resolveSteps(uplinkSteps(it, it.slirp), new Map([...values, ['run', run], ['forward', rules]]));
}
