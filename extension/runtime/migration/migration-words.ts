import { UserError } from '../../base/user-error.ts';
import type { Lab } from '../../lab/model.ts';
import { remoteFolder } from '../hosts/deploy.ts';

/** Where a VM is to go: a host of the lab, back to where the lab file is, or another root of run-time folders on this host. */
export type MigrationTarget =
  | { readonly kind: 'host'; readonly name: string }
  /** `via`: how the host where it runs finds this one by ssh; undefined: at the address that this one comes from. */
  | { readonly kind: 'here'; readonly via?: string | undefined }
  /** Absolute. */
  | { readonly kind: 'root'; readonly root: string };

export interface MigrationOrder {
  readonly vm: string;
  readonly target: MigrationTarget;
  /** The ID that it has there. Undefined: the one that it has here. */
  readonly id: number | undefined;
  /** Milliseconds that it may stand still, and MiB a second that its state may take. Undefined: as the script does. */
  readonly downtimeMs: number | undefined;
  readonly bandwidthMib: number | undefined;
}

/** This host, for a VM that comes back to it. */
export interface Home {
  readonly runRoot: string;
  readonly scripts: string;
  /** Where ssh goes from the host where the VM runs; undefined: it runs on this one. */
  readonly ssh: string | undefined;
}

/** What the script of the VM is told. Throws a UserError for a host that the lab has not. */
export function migrationWords(lab: Lab, order: MigrationOrder, home?: Home): readonly string[] {
  const { id, downtimeMs, bandwidthMib } = order;
  return [
    'migrate',
    ...(home ? homeWords(home) : targetWords(lab, order.target)),
    ...(downtimeMs === undefined ? [] : ['--downtime', String(downtimeMs)]),
    ...(bandwidthMib === undefined ? [] : ['--bandwidth', String(bandwidthMib)]),
    ...(id === undefined ? [] : [`ID=${id}`]),
  ];
}

const homeWords = ({ runRoot, scripts, ssh }: Home): readonly string[] =>
  ssh === undefined ? ['--run-root', runRoot] : ['--ssh', ssh, '--scripts', scripts, '--run-root', runRoot];

function targetWords(lab: Lab, target: MigrationTarget): readonly string[] {
  if (target.kind === 'root') return ['--run-root', target.root];
  if (target.kind === 'here') return [];
  const host = lab.hosts?.find(({ name }) => name === target.name);
  if (!host) {
    const known = (lab.hosts ?? []).map(({ name }) => name).join(', ');
    throw new UserError(
      `Lab ${lab.name} has no host ${target.name}. ${known === '' ? 'It has none at all: add them under "hosts:".' : `It has: ${known}.`}`,
    );
  }
  return [
    ...['--ssh', host.ssh, '--scripts', remoteFolder(host, lab)],
    ...(host.run === undefined ? [] : ['--run-root', host.run]),
  ];
}
