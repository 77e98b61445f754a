import { isMap, isScalar, type Document, type Pair, type YAMLMap } from 'yaml';
import { afterColon, at, isEmptyValue, pairOf, parseForEdit, type TextEdit } from './yaml-edit.ts';

export type { TextEdit } from './yaml-edit.ts';

export function applyEdit(text: string, edit: TextEdit): string {
  return text.slice(0, edit.span.start) + edit.text + text.slice(edit.span.end);
}

/** Several that do not overlap. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { span, text: put } of [...edits].sort((a, b) => a.span.start - b.span.start)) {
    parts.push(text.slice(at, span.start), put);
    at = span.end;
  }
  return parts.join('') + text.slice(at);
}

/**
 * The smallest edit that gives a VM this ID: comments, order and layout stay. Undefined if there is no such VM, or
 * if its entry is written in a way in which nothing can be put safely (an alias, a list, broken YAML).
 */
export function assignId(text: string, vmName: string, id: number): TextEdit | undefined {
  const vm = findVm(parseForEdit(text), vmName);
  const edit = vm && editOf(text, vm, id);
  // Anchors, odd keys and broken YAML are many; so what comes out is looked at instead of foreseeing all of them.
  return edit && idOf(findVm(parseForEdit(applyEdit(text, edit)), vmName)) === id ? edit : undefined;
}

function findVm(document: Document | undefined, name: string): Pair | undefined {
  const vms = isMap(document?.contents) ? pairOf(document.contents, 'vms')?.value : undefined;
  return isMap(vms) ? pairOf(vms, name) : undefined;
}

const idOf = (vm: Pair | undefined): unknown => {
  const id = isMap(vm?.value) ? pairOf(vm.value, 'id')?.value : undefined;
  return isScalar(id) ? id.value : undefined;
};

function editOf(text: string, vm: Pair, id: number): TextEdit | undefined {
  const { value } = vm;
  if (isMap(value)) {
    const given = pairOf(value, 'id');
    return given ? replaceValue(text, given, id) : insertFirst(text, value, id);
  }
  // `fw:` with nothing behind it; the edit goes before a comment on that line.
  if (!isEmptyValue(value)) return undefined;
  return afterColon(text, vm, `{ id: ${id} }`);
}

function replaceValue(text: string, given: Pair, id: number): TextEdit | undefined {
  const { value } = given;
  if (!isScalar(value) || !value.range) return undefined;
  const [start, end] = value.range;
  return start === end ? afterColon(text, given, String(id)) : { span: { start, end }, text: String(id) };
}

/** Before the first key, in its style and with its indentation. */
function insertFirst(text: string, map: YAMLMap, id: number): TextEdit | undefined {
  if (map.flow) {
    const open = map.range?.[0];
    if (open === undefined || text[open] !== '{') return undefined;
    const isPadded = /^\{[ \n\r]/.test(text.slice(open, open + 2)) || map.items.length === 0;
    return {
      span: at(open + 1),
      text: `${isPadded ? ' ' : ''}id: ${id}${map.items.length === 0 ? ' ' : ','}${isPadded ? '' : ' '}`,
    };
  }
  const first = map.items[0]?.key;
  const start = isScalar(first) ? first.range?.[0] : undefined;
  if (start === undefined) return undefined;
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const newline = text[lineStart - 2] === '\r' ? '\r\n' : '\n';
  return { span: at(start), text: `id: ${id}${newline}${' '.repeat(start - lineStart)}` };
}
