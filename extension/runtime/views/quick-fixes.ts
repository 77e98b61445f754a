import { assignId, type TextEdit } from '../../lab/edits/edit.ts';
import { freeId } from '../../lab/free-id.ts';
import type { Lab } from '../../lab/model.ts';
import type { Problem } from '../../lab/problem.ts';

export interface QuickFix {
  readonly title: string;
  readonly edit: TextEdit;
}

/** What can be done about a problem with one small edit. `usedIds`: IDs of the workspace and of what runs. */
export function quickFixes(
  problem: Problem,
  text: string,
  lab: Lab | undefined,
  usedIds: Iterable<number>,
): readonly QuickFix[] {
  const isAboutId = ['id-missing', 'id-range', 'id-double'].includes(problem.code);
  return isAboutId ? giveFreeId(problem, text, lab, usedIds) : useNearestName(problem);
}

function giveFreeId(
  problem: Problem,
  text: string,
  lab: Lab | undefined,
  usedIds: Iterable<number>,
): readonly QuickFix[] {
  const { start } = problem.span;
  const vm = lab?.vms.find(
    ({ span, nameSpan }) =>
      span.file === undefined && nameSpan.start <= start && start < Math.max(span.end, nameSpan.end),
  );
  const row = vm?.origin?.row;
  const name = row?.name ?? vm?.name ?? '';
  const id = freeId(usedIds, row?.count);
  const edit = vm && id !== undefined ? assignId(text, name, id) : undefined;
  return edit ? [{ title: `Give ${name} the free ID${row ? `s from ${id} on` : ` ${id}`}`, edit }] : [];
}

/** The checks name the nearest known word in their message (`didYouMean` in lab/names.ts), at the span of the wrong one. */
function useNearestName({ message, span }: Problem): readonly QuickFix[] {
  const nearest = /Did you mean "([^"]+)"\?/.exec(message)?.[1];
  return nearest === undefined ? [] : [{ title: `Change to ${nearest}`, edit: { span, text: nearest } }];
}
