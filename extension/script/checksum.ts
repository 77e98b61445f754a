/** 53 bits over all but the checksum itself (two multiplicative hashes); against accidents, not against an attacker. */
export function checksum(...parts: readonly string[]): string {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (const part of parts) {
    // Two UTF-16 units a round; past the end charCodeAt gives NaN, which counts as 0.
    for (let at = 0; at < part.length; at += 2) {
      const unit = part.charCodeAt(at) | (part.charCodeAt(at + 1) << 16);
      high = Math.imul(high ^ unit, 2654435761);
      low = Math.imul(low ^ unit, 1597334677);
    }
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return (4294967296 * (2097151 & low) + (high >>> 0)).toString(16).padStart(14, '0');
}
