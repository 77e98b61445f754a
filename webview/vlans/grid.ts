import type { MatrixPort, VlanMatrix } from '../protocol.ts';
import { element, setText } from '../shared/elements.ts';
import type { CellKind, Edits } from './edits.ts';
import { clamped, isSelected, moved, only, type GridSize, type Place, type Selection } from './selection.ts';
import { cellFor, columnName, noteFor, type Cell } from './words.ts';

export interface GridModel {
  readonly matrix: VlanMatrix;
  readonly edits: Edits;
  /** Columns: 0 first, then each VLAN. */
  readonly vlans: readonly number[];
}

/** `next`: as Space does, from what the cell with the focus is. */
export type CellOrder = CellKind | 'next';

export interface ChosenCell {
  readonly port: MatrixPort;
  readonly vlan: number;
}

/** The cells chosen by the user, the one with the focus first, and what is to become of them. */
export type OnOrder = (order: CellOrder, cells: readonly [ChosenCell, ...ChosenCell[]]) => void;

interface Row {
  readonly port: MatrixPort;
  readonly element: HTMLTableRowElement;
  readonly who: HTMLElement;
  readonly state: HTMLElement;
  readonly cells: readonly HTMLTableCellElement[];
  readonly change: HTMLElement;
  readonly drift: HTMLElement;
}

/** Ports × VLANs: the grid pattern of the ARIA Authoring Practices, with ranges of cells. */
export class Grid {
  readonly element = document.createElement('table');
  private readonly onOrder: OnOrder;
  private model: GridModel | undefined;
  private rows: readonly Row[] = [];
  private shape = '';
  private selection: Selection = only({ row: 0, column: 0 });
  private isDragging = false;

  constructor(onOrder: OnOrder) {
    this.onOrder = onOrder;
    this.element.role = 'grid';
    this.element.ariaMultiSelectable = 'true';
    this.element.addEventListener('keydown', event => this.press(event));
    this.element.addEventListener('mousedown', event => this.point(event));
    this.element.addEventListener('mouseover', event => this.drag(event));
    this.element.addEventListener('dblclick', () => this.order('next'));
    window.addEventListener('mouseup', () => (this.isDragging = false));
  }

  /** Draws what has changed; the cells stay, and with them the focus. */
  show(model: GridModel): void {
    this.model = model;
    const shape = JSON.stringify([model.vlans, model.matrix.ports.map(port => port.number)]);
    if (shape !== this.shape) this.build(model);
    this.shape = shape;
    this.element.ariaLabel = `VLANs of the ports of switch ${model.matrix.target.name}`;
    for (const [index, port] of model.matrix.ports.entries()) this.drawRow(index, port, model);
    this.select(clamped(this.selection, this.size), false);
  }

  /** Puts the focus into the column, at the row where it was. */
  focusColumn(vlan: number): void {
    const column = this.model?.vlans.indexOf(vlan) ?? -1;
    if (column >= 0) this.select(only({ row: this.selection.focus.row, column }), true);
  }

  private get size(): GridSize {
    return { rows: this.rows.length, columns: this.model?.vlans.length ?? 0 };
  }

  private build({ vlans, matrix }: GridModel): void {
    const head = document.createElement('thead');
    const body = document.createElement('tbody');
    const line = head.insertRow();
    line.append(header('Port', 'col', 'port'), header('Plugged in', 'col', 'who'));
    for (const vlan of vlans) line.append(columnHeader(vlan));
    line.append(header('', 'col', 'note'));
    this.rows = matrix.ports.map(port => newRow(body.insertRow(), port, vlans.length));
    this.element.replaceChildren(head, body);
  }

  private drawRow(index: number, port: MatrixPort, { matrix, edits, vlans }: GridModel): void {
    const row = this.rows[index];
    if (!row) return;
    const note = noteFor(port, edits, matrix);
    setText(row.who, port.who);
    setText(row.state, port.state);
    row.element.classList.toggle('idle', port.state === 'not plugged in');
    setText(row.change, note.change);
    setText(row.drift, note.drift);
    for (const [column, vlan] of vlans.entries()) {
      const element = row.cells[column];
      if (element) drawCell(element, cellFor(port, vlan, edits, matrix));
    }
  }

  private select(selection: Selection, isFocused: boolean): void {
    this.selection = selection;
    for (const [row, { cells }] of this.rows.entries()) {
      for (const [column, cell] of cells.entries()) {
        const isChosen = isSelected(selection, { row, column });
        if ((cell.ariaSelected === 'true') !== isChosen) cell.ariaSelected = String(isChosen);
        cell.tabIndex = row === selection.focus.row && column === selection.focus.column ? 0 : -1;
      }
    }
    if (isFocused) this.rows[selection.focus.row]?.cells[selection.focus.column]?.focus();
  }

  private press(event: KeyboardEvent): void {
    const orders: Readonly<Record<string, CellOrder>> = {
      ' ': 'next',
      Enter: 'next',
      u: 'untagged',
      t: 'tagged',
      '-': 'none',
      Delete: 'none',
      Backspace: 'none',
    };
    const order = event.ctrlKey || event.altKey || event.metaKey ? undefined : orders[event.key];
    const next = order || event.altKey ? undefined : moved(this.selection, event, this.size);
    if (!order && !next) return;
    event.preventDefault();
    if (order) this.order(order);
    else if (next) this.select(next, true);
  }

  private order(order: CellOrder): void {
    const { focus } = this.selection;
    const first = this.cellAt(focus);
    const rest = this.rows.flatMap((_, row) =>
      (this.model?.vlans ?? []).flatMap((_vlan, column) => {
        const isFirst = row === focus.row && column === focus.column;
        return !isFirst && isSelected(this.selection, { row, column }) ? (this.cellAt({ row, column }) ?? []) : [];
      }),
    );
    if (first) this.onOrder(order, [first, ...rest]);
  }

  private cellAt({ row, column }: Place): ChosenCell | undefined {
    const [port, vlan] = [this.model?.matrix.ports[row], this.model?.vlans[column]];
    return port && vlan !== undefined ? { port, vlan } : undefined;
  }

  private point(event: MouseEvent): void {
    const place = this.placeOf(event);
    if (!place || event.button !== 0) return;
    event.preventDefault();
    this.isDragging = true;
    const { start, end } = place;
    this.select(event.shiftKey ? { anchor: this.selection.anchor, focus: end } : { anchor: start, focus: end }, true);
  }

  private drag(event: MouseEvent): void {
    const place = this.isDragging && event.buttons === 1 ? this.placeOf(event) : undefined;
    if (place) this.select({ anchor: this.selection.anchor, focus: place.end }, true);
  }

  /** One cell; the whole row or column for their heads. */
  private placeOf(event: MouseEvent): { readonly start: Place; readonly end: Place } | undefined {
    const target = event.target instanceof Element ? event.target.closest('td, th') : null;
    const column = (this.model?.vlans ?? []).findIndex(vlan => target?.id === columnId(vlan));
    if (column >= 0) return { start: { row: 0, column }, end: { row: this.size.rows - 1, column } };
    const row = this.rows.findIndex(one => one.element.contains(target));
    const found = this.rows[row]?.cells.findIndex(cell => cell === target) ?? -1;
    if (found >= 0) return { start: { row, column: found }, end: { row, column: found } };
    const isHead = target instanceof HTMLTableCellElement && target.scope === 'row';
    return isHead ? { start: { row, column: 0 }, end: { row, column: this.size.columns - 1 } } : undefined;
  }
}

const columnId = (vlan: number): string => `vlan-${vlan}`;

function columnHeader(vlan: number): HTMLTableCellElement {
  const cell = header(vlan === 0 ? 'none' : String(vlan), 'col', 'vlan');
  cell.id = columnId(vlan);
  cell.ariaLabel = columnName(vlan);
  cell.title =
    vlan === 0 ? 'In no VLAN: frames without a tag stay among such ports' : `${columnName(vlan)}: click to choose all`;
  return cell;
}

function newRow(element: HTMLTableRowElement, port: MatrixPort, columns: number): Row {
  const [who, state, change, drift] = [span('name'), span('state'), span('change'), span('drift')];
  const named = header('', 'row', 'who');
  const note = document.createElement('td');
  named.append(who, state);
  note.className = 'note';
  note.append(change, drift);
  const cells = Array.from({ length: columns }, () => {
    const cell = document.createElement('td');
    cell.role = 'gridcell';
    cell.ariaSelected = 'false';
    return cell;
  });
  element.append(header(String(port.number), 'row', 'port'), named, ...cells, note);
  return { port, element, who, state, cells, change, drift };
}

const span = (className: string): HTMLSpanElement => element('span', className);

const letters: Readonly<Record<CellKind, string>> = { none: '', untagged: 'U', tagged: 'T' };

function drawCell(element: HTMLTableCellElement, { kind, isChanged, file, label }: Cell): void {
  if (element.ariaLabel === label) return;
  const mark = span('mark');
  mark.textContent = letters[kind];
  element.className = `cell ${kind}${isChanged ? ' changed' : ''}${file === undefined ? '' : ' apart'}`;
  element.ariaLabel = label;
  element.title = label;
  element.replaceChildren(mark);
}

function header(text: string, scope: 'row' | 'col', className: string): HTMLTableCellElement {
  const cell = document.createElement('th');
  cell.scope = scope;
  cell.role = scope === 'row' ? 'rowheader' : 'columnheader';
  cell.className = className;
  cell.textContent = text;
  return cell;
}
