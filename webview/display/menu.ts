export interface MenuEntry {
  readonly label: string;
  readonly choose: () => void;
}

/** A button that opens a list of things to do: the menu button pattern of the ARIA Authoring Practices. */
export function menuButton(label: string, title: string, entries: readonly MenuEntry[]): HTMLElement {
  const box = document.createElement('div');
  const button = document.createElement('button');
  const list = document.createElement('div');
  box.className = 'menu';
  button.textContent = `${label} ▾`;
  button.title = title;
  button.ariaLabel = label;
  button.ariaHasPopup = 'menu';
  list.role = 'menu';
  list.ariaLabel = label;
  box.append(button, list);

  const show = (isOpen: boolean): void => {
    list.hidden = !isOpen;
    button.ariaExpanded = String(isOpen);
  };
  const close = (): void => {
    show(false);
    button.focus();
  };
  const items = entries.map(entry => menuItem(entry, close));
  list.append(...items);
  button.addEventListener('click', () => {
    const isOpen = button.ariaExpanded === 'true';
    show(!isOpen);
    if (!isOpen) items[0]?.focus();
  });
  list.addEventListener('keydown', event => moveInMenu(event, items, close));
  box.addEventListener('focusout', event => {
    if (!box.contains(event.relatedTarget as Node | null)) show(false);
  });
  show(false);
  return box;
}

function menuItem({ label, choose }: MenuEntry, close: () => void): HTMLButtonElement {
  const item = document.createElement('button');
  item.role = 'menuitem';
  item.tabIndex = -1;
  item.textContent = label;
  item.addEventListener('click', () => {
    close();
    choose();
  });
  return item;
}

function moveInMenu(event: KeyboardEvent, items: readonly HTMLElement[], close: () => void): void {
  const at = items.indexOf(document.activeElement as HTMLElement);
  const targets: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 };
  const target = targets[event.key];
  if (event.key === 'Escape') close();
  else if (target === undefined) return;
  else items.at(target % items.length)?.focus();
  event.preventDefault();
  event.stopPropagation();
}
