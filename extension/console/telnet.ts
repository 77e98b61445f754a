import { StandardTelnet } from './standard-telnet.ts';

/**
 * Which telnet the peer speaks.
 * `qemu`: a chardev with `telnet=on`. It sends one fixed block of negotiation and after that raw bytes: a 0xff from
 * the guest is not doubled, so anything that reads IAC there loses data (seen with QEMU 7.2; chardev/char-socket.c).
 * `standard`: a server that keeps to RFC 854.
 */
export type TelnetDialect = 'qemu' | 'standard';

export interface TelnetPiece {
  /** What the terminal gets. May share memory with the bytes pushed. */
  readonly text: Uint8Array;
  /** What the peer must be answered. */
  readonly reply: Uint8Array;
}

/** Splits what a telnet peer sends into terminal bytes and the answers that it must get. Input may be cut anywhere. */
export class TelnetDecoder {
  private readonly machine: Pick<TelnetDecoder, 'isReady' | 'push'>;

  constructor(dialect: TelnetDialect = 'qemu') {
    this.machine = dialect === 'qemu' ? new QemuTelnet() : new StandardTelnet();
  }

  /**
   * The peer has greeted us, so the connection is ours. QEMU serves one client at a time: a second one gets a TCP
   * connection and no byte, until the first hangs up.
   */
  get isReady(): boolean {
    return this.machine.isReady;
  }

  push(bytes: Uint8Array): TelnetPiece {
    return this.machine.push(bytes);
  }
}

const iac = 0xff;

/** WILL ECHO, WILL SUPPRESS-GO-AHEAD, WILL BINARY, DO BINARY. QEMU ignores what it is answered. */
export const qemuGreeting: readonly number[] = [iac, 0xfb, 1, iac, 0xfb, 3, iac, 0xfb, 0, iac, 0xfd, 0];

/** IAC BREAK: QEMU gives the guest's UART a break condition (for Linux, the start of a Magic SysRq). */
export const telnetBreak: Uint8Array = Uint8Array.of(iac, 0xf3);

/** IAC DONT BINARY: QEMU takes it for an answer and does nothing (chardev/char-socket.c). */
export const telnetNothing: Uint8Array = Uint8Array.of(iac, 0xfe, 0);

/** Doubles 0xff, so that the peer takes it for data. Nothing else is changed: QEMU passes NUL, CR and LF on as they are. */
export function encodeTelnet(bytes: Uint8Array): Uint8Array {
  const extra = bytes.reduce((count, byte) => (byte === iac ? count + 1 : count), 0);
  if (extra === 0) return bytes;
  const encoded = new Uint8Array(bytes.length + extra);
  let end = 0;
  for (const byte of bytes) {
    if (byte === iac) encoded[end++] = iac;
    encoded[end++] = byte;
  }
  return encoded;
}

const nothing = new Uint8Array(0);

/** Takes QEMU's greeting off, wherever it is cut, and lets everything after it through untouched. */
class QemuTelnet {
  private matched = 0;
  isReady = false;

  push(bytes: Uint8Array): TelnetPiece {
    if (this.isReady) return { text: bytes, reply: nothing };
    const before = this.matched;
    let at = 0;
    while (this.matched < qemuGreeting.length && at < bytes.length && bytes[at] === qemuGreeting[this.matched]) {
      this.matched += 1;
      at += 1;
    }
    if (this.matched === qemuGreeting.length) {
      this.isReady = true;
      return { text: bytes.subarray(at), reply: nothing };
    }
    if (at === bytes.length) return { text: nothing, reply: nothing };
    // Another peer, for example a chardev without telnet: what looked like the greeting was data.
    this.isReady = true;
    return { text: Uint8Array.of(...qemuGreeting.slice(0, before), ...bytes), reply: nothing };
  }
}
