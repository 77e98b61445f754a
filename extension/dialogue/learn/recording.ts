/** What happened at a console while somebody watched. It holds passwords as they were typed: it is kept in memory only. */
export interface Recording {
  /** In the order in which it happened. */
  readonly parts: readonly RecordedPart[];
}

export interface RecordedPart {
  readonly kind: 'printed' | 'typed';
  readonly bytes: Uint8Array;
  /** Milliseconds since the recording began. */
  readonly atMs: number;
}
