import RFB from '@novnc/novnc';
import type { Chord, Key } from './keys.ts';
import type { VncChannel } from './vnc-channel.ts';

export interface ScreenListener {
  /** The first picture can be seen. */
  shown(): void;
  /** The connection has ended; not by `disconnect`. */
  ended(reason: string): void;
  /** The guest has put a text into its clipboard. */
  copied(text: string): void;
  /** Whether keys go to the guest now. */
  typing(isTyping: boolean): void;
}

/** QEMU lets 10 ms go by between two keys it passes on (`key-delay-ms` of -vnc), and forgets some if too many wait. */
const keyPauseMs = 10;

/** The VM's screen, as noVNC draws it, over one connection after another. */
export class Screen {
  private rfb: RFB | undefined;
  private canvas: HTMLCanvasElement | undefined;
  private isViewOnly = false;
  private isScaled = true;
  private wasTyping = false;
  private vm = '';
  /** Keys that are down now: `code` and `key` of their events. */
  private readonly held = new Map<string, string>();
  /** Ends typing when it changes. */
  private generation = 0;
  private readonly place: HTMLElement;
  private readonly listener: ScreenListener;

  constructor(place: HTMLElement, listener: ScreenListener) {
    this.place = place;
    this.listener = listener;
    // Before noVNC, which takes every key of its canvas for itself.
    place.addEventListener('keydown', event => this.watchForRelease(event), { capture: true });
    place.addEventListener('keyup', event => this.held.delete(event.code), { capture: true });
  }

  connect(channel: VncChannel): void {
    this.disconnect();
    // QEMU lets others look on, unless a client asks to be alone.
    const rfb = new RFB(this.place, channel, { shared: true });
    this.rfb = rfb;
    rfb.background = 'transparent';
    rfb.scaleViewport = this.isScaled;
    rfb.viewOnly = this.isViewOnly;
    this.adoptCanvas();
    let reason = 'what it sends is not VNC';
    rfb.addEventListener('connect', () => {
      this.listener.shown();
      if (this.wasTyping && !this.isViewOnly) rfb.focus();
    });
    rfb.addEventListener('credentialsrequired', () => {
      reason = 'it asks for a password';
      rfb.disconnect();
    });
    rfb.addEventListener('securityfailure', event => {
      const { detail } = event as CustomEvent<{ readonly reason?: string }>;
      reason = `it lets nobody in${detail.reason ? ` (${detail.reason})` : ''}`;
    });
    rfb.addEventListener('clipboard', event =>
      this.listener.copied((event as CustomEvent<{ text: string }>).detail.text),
    );
    rfb.addEventListener('disconnect', () => {
      if (this.rfb !== rfb) return;
      this.forget();
      this.listener.ended(reason);
    });
  }

  disconnect(): void {
    const rfb = this.rfb;
    this.forget();
    rfb?.disconnect();
  }

  setVm(name: string): void {
    this.vm = name;
    this.canvas?.setAttribute('aria-label', this.label);
  }

  setViewOnly(isViewOnly: boolean): void {
    if (isViewOnly === this.isViewOnly) return;
    if (isViewOnly) this.releaseKeys();
    this.isViewOnly = isViewOnly;
    this.generation += 1;
    if (this.rfb) this.rfb.viewOnly = isViewOnly;
  }

  setScaled(isScaled: boolean): void {
    this.isScaled = isScaled;
    if (this.rfb) this.rfb.scaleViewport = isScaled;
  }

  focus(): void {
    this.rfb?.focus();
  }

  press({ keys }: Chord): void {
    this.stroke(keys);
  }

  /** Types as fast as QEMU takes it. Resolves when the last key is typed, or somebody stopped it. */
  async type(strokes: readonly (readonly Key[])[]): Promise<void> {
    const generation = ++this.generation;
    for (const keys of strokes) {
      if (this.generation !== generation) return;
      this.stroke(keys);
      await pause(2 * keys.length * keyPauseMs);
    }
  }

  /** Into the guest's clipboard. */
  give(text: string): void {
    this.rfb?.clipboardPasteFrom(text);
  }

  private stroke(keys: readonly Key[]): void {
    for (const { keysym, code } of keys) this.rfb?.sendKey(keysym, code, true);
    for (const { keysym, code } of keys.toReversed()) this.rfb?.sendKey(keysym, code, false);
  }

  private forget(): void {
    this.wasTyping = this.canvas !== undefined && document.activeElement === this.canvas;
    this.rfb = undefined;
    this.canvas = undefined;
    this.held.clear();
    this.generation += 1;
  }

  /** noVNC's canvas takes the focus by mouse only. */
  private adoptCanvas(): void {
    const canvas = this.place.querySelector('canvas');
    if (!canvas) return;
    this.canvas = canvas;
    canvas.tabIndex = 0;
    canvas.setAttribute('role', 'application');
    canvas.setAttribute('aria-label', this.label);
    canvas.addEventListener('focus', () => this.listener.typing(true));
    canvas.addEventListener('blur', () => this.listener.typing(false));
  }

  private get label(): string {
    return `Screen of ${this.vm}. Keys go to the VM; Ctrl+Alt+Shift takes the keyboard back.`;
  }

  /** Ctrl+Alt+Shift takes the keyboard back. AltGr, which counts as Ctrl+Alt on some systems, with Shift is a letter. */
  private watchForRelease(event: KeyboardEvent): void {
    const isHeld = event.ctrlKey && event.altKey && event.shiftKey && !event.getModifierState('AltGraph');
    if (!isHeld || !['Control', 'Alt', 'Shift'].includes(event.key)) {
      this.held.set(event.code, event.key);
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    this.releaseKeys();
    this.canvas?.blur();
  }

  /** Lets go of keys that are held. noVNC does so when the window loses the focus, but not when its canvas does. */
  private releaseKeys(): void {
    const held = [...this.held];
    this.held.clear();
    // They do not bubble, so that VS Code does not take them for keys of its own.
    for (const [code, key] of held) this.canvas?.dispatchEvent(new KeyboardEvent('keyup', { code, key }));
  }
}

const pause = (ms: number): Promise<void> => new Promise(resolve => void setTimeout(resolve, ms));
