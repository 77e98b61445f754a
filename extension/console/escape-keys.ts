export type TypedPart =
  { readonly kind: 'bytes'; readonly bytes: Uint8Array } | { readonly kind: 'leave' | 'break' | 'take' | 'help' };

/** Ctrl+], as in telnet: what is typed goes to the guest, but for this key and the one after it. */
const escapeKey = 0x1d;

/** Finds the escape key in what a person types at a console, also where input is cut behind it. */
export class EscapeKeys {
  private isEscaped = false;

  push(bytes: Uint8Array): readonly TypedPart[] {
    const parts: TypedPart[] = [];
    let from = 0;
    bytes.forEach((byte, at) => {
      if (this.isEscaped) {
        this.isEscaped = false;
        from = at + 1;
        // Twice means the key itself.
        parts.push(byte === escapeKey ? { kind: 'bytes', bytes: Uint8Array.of(escapeKey) } : { kind: meaningOf(byte) });
      } else if (byte === escapeKey) {
        if (at > from) parts.push({ kind: 'bytes', bytes: bytes.subarray(from, at) });
        this.isEscaped = true;
        from = at + 1;
      }
    });
    if (from < bytes.length) parts.push({ kind: 'bytes', bytes: bytes.subarray(from) });
    return parts;
  }
}

function meaningOf(byte: number): 'leave' | 'break' | 'take' | 'help' {
  switch (String.fromCharCode(byte).toLowerCase()) {
    case 'q':
      return 'leave';
    case 'b':
      return 'break';
    case 't':
      return 'take';
    default:
      return 'help';
  }
}
