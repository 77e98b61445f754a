import type { PacketLayer } from '../protocol.ts';

const perLine = 16;

/** All of one packet: its layers, which open and close, and its bytes, of which those of a value are marked. */
export function showDetail(
  layersPane: HTMLElement,
  bytesPane: HTMLElement,
  layers: readonly PacketLayer[],
  bytes: Uint8Array,
): void {
  const mark = hexDump(bytesPane, bytes);
  layersPane.replaceChildren(
    ...layers.map(layer => {
      const details = document.createElement('details');
      details.open = true;
      const summary = document.createElement('summary');
      summary.textContent = layer.name;
      const list = document.createElement('ul');
      list.append(...layer.fields.map(field => fieldItem(field, mark)));
      details.append(summary, list);
      return details;
    }),
  );
}

function fieldItem(field: PacketLayer['fields'][number], mark: (offset: number, length: number) => void): HTMLElement {
  const item = document.createElement('li');
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = field.value === '' ? field.name : `${field.name}: ${field.value}`;
  const show = (): void => mark(field.offset, field.length);
  button.addEventListener('click', show);
  button.addEventListener('focus', show);
  item.append(button);
  return item;
}

/** Gives what marks a piece of it. */
function hexDump(pane: HTMLElement, bytes: Uint8Array): (offset: number, length: number) => void {
  const cells: HTMLElement[] = [];
  const lines = Array.from({ length: Math.ceil(bytes.length / perLine) }, (_, line) => {
    const element = document.createElement('div');
    const offset = document.createElement('span');
    offset.className = 'offset';
    offset.textContent = (line * perLine).toString(16).padStart(4, '0');
    const part = bytes.subarray(line * perLine, (line + 1) * perLine);
    const hex = Array.from(part, byte => {
      const cell = document.createElement('span');
      cell.className = 'byte';
      cell.textContent = byte.toString(16).padStart(2, '0');
      cells.push(cell);
      return cell;
    });
    const text = document.createElement('span');
    text.className = 'text';
    text.textContent = Array.from(part, byte => (byte > 0x1f && byte < 0x7f ? String.fromCharCode(byte) : '.')).join(
      '',
    );
    element.append(offset, ...hex, text);
    return element;
  });
  pane.replaceChildren(...lines);
  return (offset, length) => {
    cells.forEach((cell, at) => cell.classList.toggle('marked', at >= offset && at < offset + length));
    cells[offset]?.scrollIntoView({ block: 'nearest' });
  };
}
