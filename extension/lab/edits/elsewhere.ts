import type { EditedLab, LabEdit, LabThing, Refusal } from './lab-edit.ts';
import { wordsOf } from './lab-edit-things.ts';
import { rowLosses, rowVms, type RowLoss } from './rows.ts';
import type { Lab, LabReading, Vm } from '../model.ts';
import { isList, valueAt } from '../reading/plain-data.ts';
import type { TextSpan } from '../text-span.ts';

/**
 * Why an edit cannot be made in the lab file itself: what it changes stands in an included file, in a template or in a
 * row, where it would change other things too. Undefined: all of it has an entry of its own in the lab file.
 */
export function elsewhereRefusal(edited: EditedLab, edit: LabEdit): Refusal | undefined {
  const { lab } = edited;
  switch (edit.kind) {
    case 'addNic':
      return nicsElsewhere(lab, edit.vm);
    case 'moveNic':
    case 'setAddresses':
      return thingElsewhere(lab, { kind: 'nic', vm: edit.vm, nic: edit.nic });
    case 'setFaults':
      return thingElsewhere(lab, edit.thing);
    case 'setKeys':
      return first(edit.keys, ({ thing, path }) =>
        thing.kind === 'vm' && path[0] === 'nics' ? nicsElsewhere(lab, thing.name) : thingElsewhere(lab, thing),
      );
    case 'rename':
      return thingElsewhere(lab, { kind: edit.thing, name: edit.from });
    case 'remove':
      return removalRefusal(lab, edit.things);
    case 'group':
      return first(edit.vms, vm => groupedByRow(edited, vm, edit.group));
    case 'addVm':
    case 'addSwitch':
    case 'importVm':
    case 'addWire':
    case 'pin':
      return undefined;
  }
}

/** The same for one thing that is changed as a whole, or of which a value is; for a VM also the name of a row. */
export function thingElsewhere(lab: Lab, thing: LabThing): Refusal | undefined {
  if (thing.kind === 'nic') return nicsElsewhere(lab, thing.vm);
  const list = { vm: lab.vms, switch: lab.switches, wire: lab.wires, group: lab.groups }[thing.kind];
  const found = list.find(({ name }) => name === thing.name);
  const vm = thing.kind === 'vm' ? lab.vms.find(({ name }) => name === thing.name) : undefined;
  const [inRow] = found || thing.kind !== 'vm' ? [] : rowVms(lab, thing.name);
  const span = found?.span ?? inRow?.span;
  return span && (fileRefusal(wordsOf(thing), span) ?? (vm && rowRefusal(vm)));
}

/** The same for things that are to go: VMs at the end of a row may, and NICs with their VM. */
export function removalRefusal(lab: Lab, things: readonly LabThing[]): Refusal | undefined {
  const vms = new Set(things.flatMap(thing => (thing.kind === 'vm' ? [thing.name] : [])));
  const others = things.filter(thing => !(thing.kind === 'nic' && vms.has(thing.vm)));
  const isInRow = (thing: LabThing): boolean =>
    thing.kind === 'vm' && lab.vms.some(({ name, span, origin }) => name === thing.name && !span.file && origin?.row);
  return (
    first(
      others.filter(thing => !isInRow(thing)),
      thing => thingElsewhere(lab, thing),
    ) ?? first(rowLosses(lab, vms), loss => middleOfRow(lab, loss))
  );
}

function middleOfRow(lab: Lab, { row, before, after, inTheWay }: RowLoss): Refusal | undefined {
  const [vm] = rowVms(lab, row);
  if (inTheWay.length === 0 || !vm) return undefined;
  const name = `${row}-${after + 1}`;
  const reason = `VM ${name} is one of the ${before} of row ${row}, which loses VMs from its end only. Delete ${inTheWay.join(', ')} as well, or write ${name} out in the lab file.`;
  return { reason, place: vm.span };
}

function nicsElsewhere(lab: Lab, name: string): Refusal | undefined {
  const vm = lab.vms.find(one => one.name === name);
  const template = vm?.origin?.template;
  const refusal = vm && (fileRefusal(`VM ${name}`, vm.span) ?? rowRefusal(vm));
  if (refusal !== undefined || template?.keys.includes('nics') !== true) return refusal;
  const reason = `The NICs of VM ${name} are those of template ${template.name}. Change them there, or give the VM "nics:" of its own.`;
  return { reason, place: template.nameSpan };
}

function fileRefusal(words: string, place: TextSpan): Refusal | undefined {
  if (place.file === undefined) return undefined;
  return { reason: `${words} stands in ${fileName(place.file)}, which this lab includes. Change it there.`, place };
}

function rowRefusal({ name, origin, span }: Vm): Refusal | undefined {
  if (!origin?.row) return undefined;
  const { row } = origin;
  const reason = `VM ${name} is one of the ${row.count} of row ${row.name}. Change the row in the lab file, or write this VM out there.`;
  return { reason, place: span };
}

/** A VM that is in a group only because all of its row are. */
function groupedByRow({ lab, data }: EditedLab, name: string, but: string | undefined): Refusal | undefined {
  const row = lab.vms.find(one => one.name === name)?.origin?.row;
  const groups = row && lab.groups.filter(group => group.name !== but && group.vms.includes(name));
  const whole = groups?.find(group => {
    const members = valueAt(data, ['groups', group.name, 'vms']);
    return (isList(members) ? members : [members]).includes(`${row?.name}-*`);
  });
  const reason = `VM ${name} is in group ${whole?.name} with all of its row. Name the VMs of the row there one by one.`;
  return whole && { reason, place: whole.span };
}

/**
 * What a changed lab file would do to what does not stand in it, for people: a mistake in an included file, or other values
 * from a template, which count as soon as the VM says nothing itself. Undefined: nothing.
 */
export function sideEffect(before: LabReading, after: LabReading): string | undefined {
  const known = new Set(before.problems.map(({ message }) => message));
  const mistake = after.problems.find(({ span, message }) => span.file !== undefined && !known.has(message));
  if (mistake?.span.file !== undefined)
    return `In ${fileName(mistake.span.file)}, which this lab includes, it would make a mistake: ${mistake.message}`;
  const vms = new Map(before.lab?.vms.map(vm => [vm.name, vm]));
  const other = after.lab?.vms.find(vm => {
    const keys = keysOfTemplate(vms.get(vm.name) ?? vm);
    return keysOfTemplate(vm).some(key => !keys.includes(key));
  });
  const template = other?.origin?.template?.name;
  return other && `VM ${other.name} would get other values from template ${template}. Change it by hand.`;
}

const keysOfTemplate = ({ origin }: Vm): readonly string[] => origin?.template?.keys ?? [];

const first = <Item>(items: readonly Item[], ask: (item: Item) => Refusal | undefined): Refusal | undefined =>
  items.map(ask).find(answer => answer !== undefined);

const fileName = (path: string): string => path.split('/').at(-1) ?? path;
