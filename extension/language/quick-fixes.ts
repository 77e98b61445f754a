import { assignId, type TextEdit } from '../lab/edits/edit.ts';
import { editLab } from '../lab/edits/edit-lab.ts';
import { parseForEdit } from '../lab/edits/yaml-edit.ts';
import { nextIdOf } from '../lab/free-id.ts';
import type { IncludedFile, Lab, Nic, VmOrigin } from '../lab/model.ts';
import { freeAddress } from '../lab/networks/free-address.ts';
import { formatIp, parseCidr } from '../lab/networks/cidr.ts';
import type { Problem, ProblemCode } from '../lab/problem.ts';
import { readLab } from '../lab/reading/reader.ts';
import { yamlText } from '../lab/reading/yaml-text.ts';
import type { TextSpan } from '../lab/text-span.ts';

export interface QuickFix {
  readonly title: string;
  /** In their order; they do not overlap. Empty: the command does it. */
  readonly edits: readonly TextEdit[];
  /** A command of VS Code that does it. */
  readonly command?: 'kvmlab.buildGuest';
  /** Whether there is no other sensible answer, so that all such problems may be settled at once. */
  readonly isPlain: boolean;
  /** The ID that it gives away. */
  readonly id?: number;
}

/** A lab file whose problems are to be settled. */
export interface FixedFile {
  /** From which the lab and its problems were read. */
  readonly text: string;
  readonly lab: Lab | undefined;
  /** Those whose places are in this text. */
  readonly problems: readonly Problem[];
  /** IDs of the workspace and of what runs. */
  readonly usedIds: Iterable<number>;
  /** The path of the included file that the text is; absent: the lab file. */
  readonly part?: string | undefined;
  /** What was read with it. */
  readonly included?: readonly IncludedFile[] | undefined;
}

/** What can be done about a problem with small edits. */
export function quickFixes(problem: Problem, file: FixedFile): readonly QuickFix[] {
  const fixes = fixers[problem.code]?.(problem, file) ?? [];
  return [...useNearestName(problem), ...fixes];
}

/** Settles all problems that have one plain answer: IDs, all different, and nearest names. Undefined: fewer than two. */
export function fixAll(file: FixedFile): QuickFix | undefined {
  const used = new Set(file.usedIds);
  const edits = file.problems.flatMap(problem => {
    const [fix] = quickFixes(problem, { ...file, usedIds: used }).filter(({ isPlain }) => isPlain);
    if (fix?.id !== undefined) used.add(fix.id);
    return fix?.edits ?? [];
  });
  const different = edits.filter(
    (edit, index) => edits.findIndex(({ span }) => span.start === edit.span.start) === index,
  );
  const isMany = different.length > 1;
  return isMany
    ? { title: `Fix all ${different.length} with free IDs and nearest names`, edits: different, isPlain: false }
    : undefined;
}

type Fixer = (problem: Problem, file: FixedFile) => readonly QuickFix[];

/** Whether a thing of the lab stands in the text, and not in another file. */
const isInText = ({ span }: { readonly span: TextSpan }, { part }: FixedFile): boolean => span.file === part;

const fixers: Readonly<Partial<Record<ProblemCode, Fixer>>> = {
  'id-missing': giveFreeId,
  'id-range': giveFreeId,
  'id-double': giveFreeId,
  'unknown-switch': addSwitch,
  'address-double': takeFreeAddress,
  'address-outside': (problem, file) => [...correctPrefix(problem, file), ...takeFreeAddress(problem, file)],
  'image-missing': makeDisk,
  'guest-missing': () => [{ title: 'Build the tiny guest', edits: [], command: 'kvmlab.buildGuest', isPlain: false }],
};

function giveFreeId({ span }: Problem, file: FixedFile): readonly QuickFix[] {
  const { text, lab, usedIds } = file;
  const vm = lab?.vms.find(
    one =>
      isInText(one, file) && one.nameSpan.start <= span.start && span.start < Math.max(one.span.end, one.nameSpan.end),
  );
  if (vm?.origin?.row) return giveRowFreeIds(vm.origin.row, { text, lab, usedIds });
  const id = nextIdOf(lab, usedIds);
  const edit = vm && id !== undefined ? assignId(text, vm.name, id) : undefined;
  return vm && edit && id !== undefined
    ? [{ title: `Give ${vm.name} the free ID ${id}`, edits: [edit], isPlain: true, id }]
    : [];
}

/** The one entry of a row says the ID of the first; the others count up from it. */
function giveRowFreeIds(
  { name, count }: NonNullable<VmOrigin['row']>,
  { text, lab, usedIds }: Pick<FixedFile, 'text' | 'lab' | 'usedIds'>,
): readonly QuickFix[] {
  const id = nextIdOf(lab, usedIds, count);
  const edit = id === undefined ? undefined : assignId(text, name, id);
  return edit ? [{ title: `Give row ${name} the free IDs from ${id} on`, edits: [edit], isPlain: false }] : [];
}

/** The checks name the nearest known word in their message (`didYouMean` in lab/names.ts), at the span of the wrong one. */
function useNearestName({ message, span }: Problem): readonly QuickFix[] {
  const nearest = /Did you mean "([^"]+)"\?/.exec(message)?.[1];
  if (nearest === undefined) return [];
  return [{ title: `Change to ${nearest}`, edits: [{ span, text: yamlText(nearest) }], isPlain: true }];
}

/** In the lab file only: what is included does not know which networks its labs have. */
function addSwitch({ span }: Problem, { text, included, part }: FixedFile): readonly QuickFix[] {
  if (part !== undefined) return [];
  const name = scalarAt(text, span);
  const tools = { readLab: (one: string) => readLab(one, { included }), parse: parseForEdit };
  const result = editLab(text, { kind: 'addSwitch', name }, tools);
  if (result.kind === 'refused') return [];
  return [{ title: `Add a switch ${name} with a free network`, edits: result.edits, isPlain: false }];
}

/** The word there, without quotes. */
const scalarAt = (text: string, { start, end }: TextSpan): string =>
  text.slice(start, end).replace(/^(["'])(.*)\1$/, '$2');

function takeFreeAddress({ span }: Problem, file: FixedFile): readonly QuickFix[] {
  const nic = nicAt(span, file);
  const free = nic && file.lab && freeAddress(file.lab, nic.switch);
  if (!nic || free === undefined || free === 'dhcp') return [];
  const title = `Change to ${free}, the next free address of ${nic.switch}`;
  return [{ title, edits: [{ span, text: yamlText(free) }], isPlain: false }];
}

/** The address was right, and only the length of its prefix was not. */
function correctPrefix({ span, severity }: Problem, file: FixedFile): readonly QuickFix[] {
  const name = nicAt(span, file)?.switch;
  const network = parseCidr(file.lab?.switches.find(one => one.name === name)?.network ?? '');
  const address = parseCidr(scalarAt(file.text, span));
  if (!network || !address || severity !== 'warning') return [];
  const text = `${formatIp(address)}/${network.prefix}`;
  return [{ title: `Change to ${text}`, edits: [{ span, text: yamlText(text) }], isPlain: false }];
}

/** The NIC whose address is there; in a row it would be that of many. */
const nicAt = ({ start }: TextSpan, file: FixedFile): Nic | undefined =>
  file.lab?.vms
    .filter(vm => !vm.origin?.row)
    .flatMap(vm => vm.nics)
    .find(nic => isInText(nic, file) && nic.span.start <= start && start < nic.span.end);

/** A disk that is named by its path alone gets a size, with which it is made before the first start. */
function makeDisk({ span, message }: Problem, { text }: FixedFile): readonly QuickFix[] {
  const isPath = message.startsWith('The disk ') && !/(^|[{,\s])file:\s*$/.test(text.slice(0, span.start));
  if (!isPath) return [];
  const edits = [{ span, text: `{ file: ${yamlText(scalarAt(text, span))}, size: 4G }` }];
  return [{ title: 'Give it a size (4G), so that it is made before the first start', edits, isPlain: false }];
}
