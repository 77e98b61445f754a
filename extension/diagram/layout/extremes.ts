/** The largest of numbers from 0; 0 if there are none. Unlike Math.max it takes any amount. */
export const largest = (values: readonly number[]): number => values.reduce((most, one) => Math.max(most, one), 0);

/** The smallest; 0 if there are none. */
export const smallest = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((least, one) => Math.min(least, one), Infinity);
