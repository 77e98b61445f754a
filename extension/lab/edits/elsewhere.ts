import type { EditedLab, LabEdit, LabThing } from './lab-edit.ts';
import { wordsOf } from './lab-edit-things.ts';
import type { Lab, LabReading, Vm } from '../model.ts';
import { isList, valueAt } from '../reading/plain-data.ts';
import type { TextSpan } from '../text-span.ts';

/**
 * Why an edit cannot be made in the lab file itself, for people: what it changes stands in an included file, in a template
 * or in a row, where it would change other things too. Undefined: all of it has an entry of its own in the lab file.
 */
export function elsewhereRefusal(edited: EditedLab, edit: LabEdit): string | undefined {
  const { lab } = edited;
  switch (edit.kind) {
    case 'addNic':
      return nicsElsewhere(lab, edit.vm);
    case 'moveNic':
    case 'setAddresses':
      return thingElsewhere(lab, { kind: 'nic', vm: edit.vm, nic: edit.nic });
    case 'setKeys':
      return first(edit.keys, ({ thing, path }) =>
        thing.kind === 'vm' && path[0] === 'nics' ? nicsElsewhere(lab, thing.name) : thingElsewhere(lab, thing),
      );
    case 'rename':
      return thingElsewhere(lab, { kind: edit.thing, name: edit.from });
    case 'remove':
      return first(edit.things, thing => thingElsewhere(lab, thing));
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

/** The same for one thing that is changed as a whole, or of which a value is. */
export function thingElsewhere(lab: Lab, thing: LabThing): string | undefined {
  if (thing.kind === 'nic') return nicsElsewhere(lab, thing.vm);
  const list = { vm: lab.vms, switch: lab.switches, wire: lab.wires, group: lab.groups }[thing.kind];
  const found = list.find(({ name }) => name === thing.name);
  const vm = thing.kind === 'vm' ? lab.vms.find(({ name }) => name === thing.name) : undefined;
  return found && (fileRefusal(wordsOf(thing), found.span) ?? (vm && rowRefusal(vm)));
}

function nicsElsewhere(lab: Lab, name: string): string | undefined {
  const vm = lab.vms.find(one => one.name === name);
  const template = vm?.origin?.template;
  const refusal = vm && (fileRefusal(`VM ${name}`, vm.span) ?? rowRefusal(vm));
  if (refusal !== undefined || template?.keys.includes('nics') !== true) return refusal;
  return `The NICs of VM ${name} are those of template ${template.name}. Change them there, or give the VM "nics:" of its own.`;
}

function fileRefusal(words: string, { file }: TextSpan): string | undefined {
  if (file === undefined) return undefined;
  return `${words} stands in ${fileName(file)}, which this lab includes. Change it there.`;
}

function rowRefusal({ name, origin }: Vm): string | undefined {
  if (!origin?.row) return undefined;
  const { row } = origin;
  return `VM ${name} is one of the ${row.count} of row ${row.name}. Change the row in the lab file, or write this VM out there.`;
}

/** A VM that is in a group only because all of its row are. */
function groupedByRow({ lab, data }: EditedLab, name: string, but: string | undefined): string | undefined {
  const row = lab.vms.find(one => one.name === name)?.origin?.row;
  const groups = row && lab.groups.filter(group => group.name !== but && group.vms.includes(name));
  const whole = groups?.find(group => {
    const members = valueAt(data, ['groups', group.name, 'vms']);
    return (isList(members) ? members : [members]).includes(`${row?.name}-*`);
  });
  return whole && `VM ${name} is in group ${whole.name} with all of its row. Name the VMs of the row there one by one.`;
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

const first = <Item>(items: readonly Item[], ask: (item: Item) => string | undefined): string | undefined =>
  items.map(ask).find(answer => answer !== undefined);

const fileName = (path: string): string => path.split('/').at(-1) ?? path;
