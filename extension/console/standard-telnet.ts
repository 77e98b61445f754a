const [se, sb, will, wont, doIt, dont, iac] = [0xf0, 0xfa, 0xfb, 0xfc, 0xfd, 0xfe, 0xff];
const [nul, cr] = [0x00, 0x0d];
const [binary, echo, suppressGoAhead] = [0, 1, 3];

/** What the peer may do, and what we do when asked: enough for a terminal that works character by character. */
const peerMay: ReadonlySet<number> = new Set([binary, echo, suppressGoAhead]);
const weDo: ReadonlySet<number> = new Set([binary, suppressGoAhead]);

type State =
  | { readonly kind: 'data' | 'afterCr' | 'command' | 'subnegotiation' | 'subnegotiationCommand' }
  | { readonly kind: 'option'; readonly verb: number };

/** The receiving side of telnet as RFC 854, 855, 856 and 1143 have it (without their queue: we never ask first). */
export class StandardTelnet {
  private state: State = { kind: 'data' };
  private readonly peerOptions = new Set<number>();
  private readonly ownOptions = new Set<number>();
  private text: number[] = [];
  private reply: number[] = [];
  isReady = false;

  push(bytes: Uint8Array): { readonly text: Uint8Array; readonly reply: Uint8Array } {
    this.text = [];
    this.reply = [];
    if (bytes.length > 0) this.isReady = true;
    for (const byte of bytes) this.state = this.next(byte);
    return { text: Uint8Array.from(this.text), reply: Uint8Array.from(this.reply) };
  }

  private next(byte: number): State {
    switch (this.state.kind) {
      case 'data':
        return this.data(byte);
      case 'afterCr':
        // Outside binary mode NUL only fills up a lone carriage return.
        return byte === nul && !this.peerOptions.has(binary) ? { kind: 'data' } : this.data(byte);
      case 'command':
        return this.command(byte);
      case 'option':
        this.negotiate(this.state.verb, byte);
        return { kind: 'data' };
      case 'subnegotiation':
        return { kind: byte === iac ? 'subnegotiationCommand' : 'subnegotiation' };
      case 'subnegotiationCommand':
        return { kind: byte === se ? 'data' : 'subnegotiation' };
    }
  }

  private data(byte: number): State {
    if (byte === iac) return { kind: 'command' };
    this.text.push(byte);
    return { kind: byte === cr ? 'afterCr' : 'data' };
  }

  private command(byte: number): State {
    if (byte === will || byte === wont || byte === doIt || byte === dont) return { kind: 'option', verb: byte };
    if (byte === sb) return { kind: 'subnegotiation' };
    if (byte === iac) this.text.push(iac);
    return { kind: 'data' };
  }

  /** Answers changes only: answering what is already so makes two polite peers talk for ever (RFC 1143). */
  private negotiate(verb: number, option: number): void {
    const isAboutPeer = verb === will || verb === wont;
    const options = isAboutPeer ? this.peerOptions : this.ownOptions;
    const [yes, no] = isAboutPeer ? [doIt, dont] : [will, wont];
    if (verb === wont || verb === dont) {
      if (options.delete(option)) this.reply.push(iac, no, option);
    } else if (!(isAboutPeer ? peerMay : weDo).has(option)) {
      this.reply.push(iac, no, option);
    } else if (!options.has(option)) {
      options.add(option);
      this.reply.push(iac, yes, option);
    }
  }
}
