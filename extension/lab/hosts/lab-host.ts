import type { TextSpan } from '../text-span.ts';

/** Another machine that runs VMs and switches of a lab, with the lab's own scripts. */
export interface LabHost {
  readonly name: string;
  /** Destination of the user's own ssh: `me@left`, or a name of its configuration. By default the host's name. */
  readonly ssh: string;
  /** The folder of the run-time folders there (KVMLAB_RUN_ROOT). Undefined: as on any host. */
  readonly run: string | undefined;
  /** Folder there in which each lab has its folder of scripts; a relative one lies in the home there. */
  readonly scripts: string;
  /** Folders that show the same files there and here, at the same path. */
  readonly shared: readonly string[];
  readonly nameSpan: TextSpan;
  readonly span: TextSpan;
  readonly spans?: Readonly<Record<string, TextSpan>>;
}
