import { UserError } from '../../base/user-error.ts';
import { nextIdOf } from '../../lab/free-id.ts';
import type { Lab } from '../../lab/model.ts';
import { isReservedVmName } from '../../lab/layout.ts';
import { macOf } from '../../lab/networks/addressing.ts';
import type { PlainRecord } from '../../lab/reading/plain-data.ts';
import type { DefaultKey, DefaultSources } from '../../lab/setting-source.ts';
import type { ImportNote, VmDraft } from './draft.ts';
import { SwitchImport } from './import-switches.ts';
import { freeNameOf, safeName } from './free-names.ts';

/** A VM as a lab file has it, and what else the lab needs for it. */
export interface ImportedVm {
  readonly name: string;
  readonly vm: PlainRecord;
  /** Switches that the lab does not have yet, by name. */
  readonly switches: PlainRecord;
  readonly notes: readonly ImportNote[];
}

export interface ImportSurroundings {
  /** The lab that the VM is put into; undefined: a new one. */
  readonly lab: Lab | undefined;
  /** Where the defaults of that lab come from: a value is left out only where the built-in one counts. */
  readonly defaultSources: DefaultSources;
  /** Of all VMs that run, and of all labs that are known. */
  readonly usedIds: Iterable<number>;
  /** Name for a VM whose command line gives none. */
  readonly name: string;
}

/** Fits what a command line said into a lab: a name and an ID that are free, switches for its networks. */
export function planVm(draft: VmDraft, around: ImportSurroundings): ImportedVm {
  const notes = [...draft.notes];
  const name = freeVmName(draft.name ?? around.name, around.lab);
  if (draft.name !== undefined && name !== draft.name)
    notes.push({ kind: 'lost', words: [], text: `the name ${draft.name}: the VM is called ${name}` });
  const id = idFor(draft, around, notes);
  const switches = new SwitchImport(around.lab, notes);
  const isBuiltIn = (key: DefaultKey): boolean => around.defaultSources[key].kind === 'built-in';
  const nics = draft.nics.map((nic, at): PlainRecord => {
    const { name: switchName, isNew } = switches.of(nic.network);
    const isMade = nic.mac === macOf('52:54:00', id, at + 1) && isBuiltIn('macPrefix');
    return {
      switch: switchName,
      ...(nic.port === undefined || !isNew ? {} : { port: nic.port }),
      ...(nic.model === undefined || (nic.model === 'virtio' && isBuiltIn('model')) ? {} : { model: nic.model }),
      ...(nic.mac === undefined || isMade ? {} : { mac: nic.mac }),
    };
  });
  return { name, vm: vmRecord(draft, id, nics, isBuiltIn), switches: switches.added(), notes };
}

const keyOrder = ['memory', 'cpus', 'accel', 'disks', 'cdrom', 'boot', 'kernel', 'initrd', 'append', 'vnc'] as const;

function vmRecord(
  draft: VmDraft,
  id: number,
  nics: readonly PlainRecord[],
  isBuiltIn: (key: DefaultKey) => boolean,
): PlainRecord {
  const values = new Map(draft.keys);
  if (draft.disks.length > 0) values.set('disks', draft.disks);
  if ((values.get('cpus') ?? 1) === 1) setOrDrop('cpus', 1);
  if (values.get('vnc') === false) setOrDrop('vnc', false);
  return {
    id,
    ...Object.fromEntries(keyOrder.flatMap(key => (values.has(key) ? [[key, values.get(key) ?? null]] : []))),
    ...(nics.length === 0 ? {} : { nics }),
    ...(draft.extra.length === 0 ? {} : { extra: draft.extra }),
  };

  /** What is built in is said only if another default would count. */
  function setOrDrop(key: 'cpus' | 'vnc', value: number | boolean): void {
    if (isBuiltIn(key)) values.delete(key);
    else values.set(key, value);
  }
}

/** The one that its consoles or its first MAC say, if it is free; else the lab's next one. */
function idFor({ id, nics }: VmDraft, { usedIds, lab }: ImportSurroundings, notes: ImportNote[]): number {
  const used = new Set([...usedIds, ...(lab?.vms ?? []).map(vm => vm.id)].filter(one => one !== undefined));
  const wanted = id ?? idOfMac(nics[0]?.mac);
  if (wanted !== undefined && !used.has(wanted)) return wanted;
  const free = nextIdOf(lab, used);
  if (free === undefined) throw new UserError('There is no free ID left for this VM.');
  const reason = wanted === undefined ? '' : `, as ${wanted} is in use`;
  notes.push({ kind: 'key', words: [], text: `id: ${free}${reason}; its consoles are on other ports than before` });
  return free;
}

/** MACs are made of IDs: `52:54:00:00:1f:01` is the first NIC of VM 31. */
function idOfMac(mac: string | undefined): number | undefined {
  const [, high = '', low = ''] = /^52:54:00:([0-9a-f]{2}):([0-9a-f]{2}):01$/.exec(mac ?? '') ?? [];
  const id = Number.parseInt(`${high}${low}`, 16);
  return id >= 1 && id <= 9999 ? id : undefined;
}

function freeVmName(wanted: string, lab: Lab | undefined): string {
  const base = safeName(wanted) || 'vm';
  const safe = isReservedVmName(base.toLowerCase()) ? `${base}_` : base;
  return freeNameOf(safe, lab?.vms ?? []);
}
