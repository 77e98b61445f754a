import type { Lab } from '../lab/model.ts';
import type { Cidr } from '../lab/networks/cidr.ts';
import type { Random32 } from '../lab/networks/random.ts';
import type { QemuModels } from '../qemu/models.ts';

/** Kinds of files that a lab file names. */
export type NeededKind = 'disk' | 'cdrom' | 'stick' | 'kernel' | 'initrd' | 'include';

/** What completion needs to know beyond the text. What takes time is asked for only where it is offered. */
export interface LanguageFacts {
  /** The lab as it was read last, with what it includes; behind the text while somebody types. */
  readonly lab: Lab | undefined;
  /** The path of the included file that the text is; undefined: it is a lab file. */
  readonly part: string | undefined;
  /** Of the other files of the lab: what it includes; for an included file, the lab file too. */
  readonly otherTexts: readonly string[];
  /** The name that a lab in this file has by itself. */
  readonly labName: string;
  /** IDs of all labs of the workspace and of what runs on this host. */
  readonly usedIds: readonly number[];
  readonly random: Random32;
  /** Networks of all labs of the workspace and of this host. */
  readonly takenNetworks: () => Promise<readonly Cidr[]>;
  /** Paths as a lab file names them: from its own folder. */
  readonly files: (kind: NeededKind) => Promise<readonly string[]>;
  /** Undefined: QEMU is not installed here. */
  readonly qemu: () => Promise<QemuModels | undefined>;
}
