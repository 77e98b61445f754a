/** Where a channel's bytes go. */
export interface ChannelEnd {
  send(bytes: Uint8Array): void;
  /** So many bytes that came have been worked off. */
  received(count: number): void;
}

type ChannelState = 'open' | 'closed';

/** What is told in one piece: often enough that the sender need not pause, seldom enough not to double the messages. */
const reportBytes = 32 * 1024;

/**
 * One connection to a VNC server, in the shape of an RTCDataChannel, which noVNC takes in place of a WebSocket.
 * Bytes that come before noVNC listens wait.
 */
export class VncChannel {
  // noVNC looks for these by name, on the object and on its prototype.
  binaryType = 'arraybuffer';
  readonly protocol = '';
  onopen: (() => void) | null = null;
  onerror: ((event: unknown) => void) | null = null;
  onclose: ((event: { readonly code?: number; readonly reason?: string }) => void) | null = null;

  private listener: ((event: { readonly data: ArrayBuffer }) => void) | null = null;
  private state: ChannelState = 'open';
  private readonly early: Uint8Array[] = [];
  private unreported = 0;
  private readonly end: ChannelEnd;

  constructor(end: ChannelEnd) {
    this.end = end;
  }

  get readyState(): ChannelState {
    return this.state;
  }

  get onmessage(): ((event: { readonly data: ArrayBuffer }) => void) | null {
    return this.listener;
  }

  set onmessage(listener: ((event: { readonly data: ArrayBuffer }) => void) | null) {
    this.listener = listener;
    for (const bytes of this.early.splice(0)) this.push(bytes);
  }

  /** To the VNC server. noVNC gives views on one buffer that it uses again, so the bytes are copied. */
  send(data: ArrayBuffer | ArrayBufferView): void {
    if (this.state !== 'open') return;
    const bytes = ArrayBuffer.isView(data)
      ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
      : new Uint8Array(data);
    this.end.send(bytes.slice());
  }

  /** noVNC hangs up. */
  close(): void {
    if (this.state !== 'open') return;
    this.state = 'closed';
    // noVNC is still busy with taking itself apart; a WebSocket would not call back in the middle of that either.
    queueMicrotask(() => this.onclose?.({}));
  }

  /** Bytes have come from the VNC server. */
  push(bytes: Uint8Array): void {
    if (this.state !== 'open') return;
    if (!this.listener) {
      this.early.push(bytes);
      return;
    }
    this.listener({ data: bytes.slice().buffer });
    this.unreported += bytes.length;
    if (this.unreported < reportBytes) return;
    this.end.received(this.unreported);
    this.unreported = 0;
  }

  /** The VNC server has hung up. */
  closedByServer(): void {
    if (this.state !== 'open') return;
    this.state = 'closed';
    this.onclose?.({});
  }
}
