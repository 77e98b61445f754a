/** Reads JSON of others, of which nothing is certain. */
export const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);

export const member = (value: unknown, name: string): unknown => recordOf(value)[name];

export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
