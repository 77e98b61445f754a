const unitMs = { ms: 1, s: 1000, m: 60_000 } as const;

/** Milliseconds of `500ms`, `2s`, `1.5m`; undefined: it is no time. */
export function readTime(text: string): number | undefined {
  const [, digits, unit] = /^(\d{1,6}(?:\.\d{1,3})?)(ms|s|m)$/.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits) * unitMs[unit as keyof typeof unitMs];
}
