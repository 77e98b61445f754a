/** The part of noVNC that is used here; the package has no types. https://github.com/novnc/noVNC/blob/v1.7.0/docs/API.md */
declare module '@novnc/novnc' {
  export default class RFB extends EventTarget {
    constructor(target: HTMLElement, channel: object, options?: { readonly shared?: boolean });
    viewOnly: boolean;
    scaleViewport: boolean;
    background: string;
    focus(): void;
    disconnect(): void;
    sendKey(keysym: number, code: string, isDown: boolean): void;
    clipboardPasteFrom(text: string): void;
  }
}
