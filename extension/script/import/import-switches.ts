import type { Lab } from '../../lab/model.ts';
import type { PlainRecord } from '../../lab/reading/plain-data.ts';
import type { ImportedNetwork, ImportNote } from './draft.ts';
import { freeNameOf, safeName } from './free-names.ts';

interface PlannedSwitch {
  readonly name: string;
  readonly isNew: boolean;
}

/** The switches that stand for the networks of a command line: those of the lab where they fit, else new ones. */
export class SwitchImport {
  private readonly lab: Lab | undefined;
  private readonly notes: ImportNote[];
  private readonly known = new Map<string, PlannedSwitch>();
  private readonly entries = new Map<string, PlainRecord>();

  constructor(lab: Lab | undefined, notes: ImportNote[]) {
    this.lab = lab;
    this.notes = notes;
  }

  of(network: ImportedNetwork): PlannedSwitch {
    const known = this.known.get(network.key);
    if (known) return known;
    const planned = this.existing(network) ?? this.make(network);
    this.known.set(network.key, planned);
    return planned;
  }

  /** By name. */
  added(): PlainRecord {
    return Object.fromEntries(this.entries);
  }

  private existing({ name, uplink, key }: ImportedNetwork): PlannedSwitch | undefined {
    const switches = this.lab?.switches ?? [];
    const found = uplink
      ? switches.find(({ slirp }) => slirp !== undefined)
      : switches.find(one => key.startsWith('vde ') && one.name === safeName(name));
    if (!found) return undefined;
    for (const forward of uplink?.forward ?? [])
      this.notes.push({ kind: 'lost', words: [], text: `the forward "${forward}": add it to slirp: of ${found.name}` });
    return { name: found.name, isNew: false };
  }

  private make({ name, uplink }: ImportedNetwork): PlannedSwitch {
    const taken = [...(this.lab?.switches ?? []), ...[...this.entries.keys()].map(one => ({ name: one }))];
    const free = freeNameOf(safeName(name) || 'net', taken);
    const forward = uplink?.forward ?? [];
    this.entries.set(free, {
      ...(uplink?.network === undefined ? {} : { network: uplink.network }),
      ...(uplink ? { slirp: forward.length === 0 ? true : { forward } } : {}),
    });
    return { name: free, isNew: true };
  }
}
