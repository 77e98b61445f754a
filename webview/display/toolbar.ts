import { ctrlAltDel, otherChords, type Chord } from './keys.ts';
import { menuButton } from './menu.ts';

export interface ToolbarActions {
  readonly setViewOnly: (isViewOnly: boolean) => void;
  readonly setScaled: (isScaled: boolean) => void;
  readonly press: (chord: Chord) => void;
  readonly typeClipboard: () => void;
  readonly giveClipboard: () => void;
  readonly copyFromGuest: () => void;
}

export interface ToolbarState {
  readonly isViewOnly: boolean;
  readonly isScaled: boolean;
  /** There is a screen, so that keys and text have somewhere to go. */
  readonly isShown: boolean;
  /** The guest has something in its clipboard. */
  readonly hasGuestText: boolean;
}

/** The buttons above the screen. */
export class Toolbar {
  readonly element = document.createElement('div');
  private readonly viewOnly: HTMLButtonElement;
  private readonly scaled: HTMLButtonElement;
  private readonly copy: HTMLButtonElement;
  private readonly needControl: readonly (HTMLElement | HTMLButtonElement)[];

  constructor(actions: ToolbarActions) {
    const toggled = (button: HTMLButtonElement): boolean => button.ariaPressed !== 'true';
    this.viewOnly = button('View Only', 'Look on: neither keys nor mouse go to the VM', () =>
      actions.setViewOnly(toggled(this.viewOnly)),
    );
    this.scaled = button('Scale to Fit', 'Fit the screen into the tab; otherwise it has its own size', () =>
      actions.setScaled(toggled(this.scaled)),
    );
    const delKey = button(ctrlAltDel.label, 'Send Ctrl+Alt+Del', () => actions.press(ctrlAltDel));
    const entries = otherChords.map(chord => ({ label: chord.label, choose: () => actions.press(chord) }));
    const keys = menuButton('Send Key', 'Keys that do not reach the VM by themselves', entries);
    const paste = menuButton('Paste', 'The text of the clipboard to the VM', [
      { label: 'Type the clipboard’s text (US keyboard)', choose: actions.typeClipboard },
      { label: 'Into the guest’s clipboard (needs an agent there)', choose: actions.giveClipboard },
    ]);
    this.copy = button('Copy', 'Copy the text that the guest has in its clipboard', actions.copyFromGuest);
    this.needControl = [delKey, keys, paste];
    this.element.role = 'toolbar';
    this.element.className = 'toolbar';
    this.element.ariaLabel = 'Display';
    this.element.append(this.viewOnly, this.scaled, delKey, keys, paste, this.copy);
    this.element.addEventListener('keydown', event => this.move(event));
  }

  show({ isViewOnly, isScaled, isShown, hasGuestText }: ToolbarState): void {
    this.viewOnly.ariaPressed = String(isViewOnly);
    this.scaled.ariaPressed = String(isScaled);
    for (const one of this.needControl) setEnabled(one, isShown && !isViewOnly);
    setEnabled(this.copy, hasGuestText);
  }

  focus(): void {
    this.viewOnly.focus();
  }

  /** Arrow keys go from button to button, as in every toolbar; Tab does so too. */
  private move(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const active = document.activeElement;
    if (step === undefined || active?.role === 'menuitem') return;
    const buttons = [...this.element.querySelectorAll<HTMLElement>('button:not([role="menuitem"], :disabled)')];
    const at = buttons.findIndex(one => one === active);
    buttons.at((at + step) % buttons.length)?.focus();
    event.preventDefault();
  }
}

function button(label: string, title: string, onClick: () => void): HTMLButtonElement {
  const made = document.createElement('button');
  made.textContent = label;
  made.title = title;
  made.addEventListener('click', onClick);
  return made;
}

function setEnabled(element: HTMLElement, isEnabled: boolean): void {
  const target = element instanceof HTMLButtonElement ? element : element.querySelector('button');
  if (target) target.disabled = !isEnabled;
}
