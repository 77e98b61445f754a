import * as vscode from 'vscode';
import { UserError } from '../../base/user-error.ts';
import type { LabThing } from '../../lab/edits/lab-edit.ts';
import type { Lab } from '../../lab/model.ts';
import { labsOf } from '../../runtime/views/thing-list.ts';
import type { TargetArguments } from '../commands.ts';
import { loadEditRoom } from '../lab-files/edit-lab-file.ts';
import { refusalError } from '../lab-files/refusal-error.ts';
import { readerOf, type FileWithIncluded } from '../lab-files/read-text.ts';
import { thingsOrPick } from '../pick.ts';
import type { Services } from '../services.ts';

/** A lab that is to be changed, as its file is typed now. */
export interface OpenLab extends FileWithIncluded {
  readonly text: string;
  readonly lab: Lab;
  /** What the command was called on. */
  readonly things: readonly LabThing[];
}

/** The lab of what was clicked, of the editor or picture that has the focus, or one that is picked. */
export async function labToEdit(services: Services, args: TargetArguments): Promise<OpenLab | undefined> {
  await services.whenRead();
  const [clicked, selected] = args;
  const { editTarget } = await loadEditRoom();
  const target = editTarget(clicked, Array.isArray(selected) ? selected : []);
  const file = target?.lab ?? activeLab(services) ?? (await pickLab(services));
  if (file === undefined) return undefined;
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(file));
  const included = services.store.lab(file)?.reading.included;
  const text = document.getText();
  const { lab } = readerOf({ file, included })(text);
  if (!lab) throw new UserError(`${file} is no lab yet, so nothing can be changed in it. Write "vms:" into it first.`);
  return { file, included, text, lab, things: target?.things ?? [] };
}

function activeLab({ store, pictures }: Services): string | undefined {
  const file = vscode.window.activeTextEditor?.document.uri.fsPath ?? pictures.all.find(one => one.isActive)?.file;
  return file === undefined ? undefined : store.lab(file)?.path;
}

async function pickLab(services: Services): Promise<string | undefined> {
  const list = () => labsOf(services.store.labs);
  const [thing] = await thingsOrPick(services, [], { title: 'Change which lab?', list, canPickMany: false });
  return thing?.lab;
}

/** Throws, before anything is asked, if the thing is not changed in the lab file itself. */
export async function refuseElsewhere(open: OpenLab, thing: LabThing): Promise<void> {
  const { thingElsewhere } = await loadEditRoom();
  const refusal = thingElsewhere(open.lab, thing);
  if (refusal) throw refusalError(open, refusal);
}

type Kind = LabThing['kind'];

/** The things of these kinds that the command was called on, or one that is picked. */
export async function thingsToEdit<K extends Kind>(
  { lab, things }: OpenLab,
  kinds: readonly K[],
  title: string,
): Promise<readonly Extract<LabThing, { readonly kind: K }>[]> {
  const isOf = (thing: LabThing): thing is Extract<LabThing, { readonly kind: K }> =>
    (kinds as readonly Kind[]).includes(thing.kind);
  const fitting = things.filter(isOf);
  if (fitting.length > 0) return fitting;
  const { wordsOf } = await loadEditRoom();
  // A VM that was clicked stands for its NICs.
  const vms = new Set(things.flatMap(thing => (thing.kind === 'vm' ? [thing.name] : [])));
  const all = allThings(lab).filter(isOf);
  const isOwn = (thing: LabThing): boolean => thing.kind === 'nic' && vms.has(thing.vm);
  const own = all.filter(isOwn);
  const items = (own.length > 0 ? own : all).map(thing => ({ label: wordsOf(thing), thing }));
  if (items.length === 0) throw new UserError(`${title} The lab has none.`);
  if (items.length === 1 && own.length === 1) return own;
  const picked = await vscode.window.showQuickPick(items, { title, placeHolder: 'Choose one' });
  return picked ? [picked.thing] : [];
}

const allThings = ({ vms, switches, wires, groups }: Lab): readonly LabThing[] => [
  ...vms.map(({ name }) => ({ kind: 'vm', name }) as const),
  ...vms.flatMap(({ name, nics }) => nics.map(({ number }) => ({ kind: 'nic', vm: name, nic: number }) as const)),
  ...switches.map(({ name }) => ({ kind: 'switch', name }) as const),
  ...wires.map(({ name }) => ({ kind: 'wire', name }) as const),
  ...groups.map(({ name }) => ({ kind: 'group', name }) as const),
];

/** One of the lab's switches but this one; undefined: the user thought better of it. */
export async function pickSwitch({ lab }: OpenLab, title: string, but?: string): Promise<string | undefined> {
  const items = lab.switches
    .filter(({ name }) => name !== but)
    .map(({ name, network }) => ({ label: name, description: network ?? '' }));
  if (items.length === 0)
    throw new UserError(`${title} The lab has no ${but === undefined ? '' : 'other '}switch yet.`, [
      { title: 'Add Switch', command: 'kvmlab.addSwitch' },
    ]);
  return (await vscode.window.showQuickPick(items, { title, placeHolder: 'Choose one', matchOnDescription: true }))
    ?.label;
}

export interface NameQuestion {
  readonly title: string;
  readonly kind: 'vm' | 'switch' | 'group';
  /** The name that it has now. */
  readonly own?: string;
  /** Names that may be taken although something has them. */
  readonly allowed?: readonly string[];
}

/** A name that nothing else of its kind has. */
export async function askName(
  { lab }: OpenLab,
  { title, kind, own, allowed }: NameQuestion,
): Promise<string | undefined> {
  const { freeName, newNameRefusal } = await loadEditRoom();
  return vscode.window.showInputBox({
    title,
    prompt: 'Letters, digits, dots, dashes and underscores',
    value: own ?? freeName(lab, kind),
    // A picture that gets the focus back when its menu closes would close the question.
    ignoreFocusOut: true,
    validateInput: name => (allowed?.includes(name) === true ? undefined : newNameRefusal(lab, kind, name, own)),
  });
}
