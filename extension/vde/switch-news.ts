import type { ManagementEvent } from './management.ts';

/** What a switch told unasked, after `debug/add`. */
export type SwitchNews =
  /** Somebody plugged in, went, or said who they are. */
  | { readonly kind: 'port'; readonly port: number; readonly change: 'opened' | 'closed' | 'endpoint' }
  | { readonly kind: 'hash' }
  | { readonly kind: 'stp' }
  /** Of a plugin, or of another version. */
  | { readonly kind: 'other'; readonly code: number; readonly text: string };

const portChanges = new Map<number, 'opened' | 'closed' | 'endpoint'>([
  [3021, 'opened'],
  [3022, 'closed'],
  [3023, 'endpoint'],
  [3031, 'endpoint'],
  [3032, 'endpoint'],
]);

/** `3021 port/+ 03`, `3031 port/ep/+ Port 03 FD 10`, `3023 port/descr Port 03 FD 10 -> "…"`. */
export function readNews({ code, text }: Extract<ManagementEvent, { kind: 'news' }>): SwitchNews {
  const change = portChanges.get(code);
  const port = /^port\/\S+ (?:Port )?(\d+)/.exec(text)?.[1];
  if (change && port !== undefined) return { kind: 'port', port: Number(port), change };
  if (code === 3011 || code === 3012) return { kind: 'hash' };
  if (code >= 3041 && code <= 3045) return { kind: 'stp' };
  return { kind: 'other', code, text };
}
