import { listOf, recordOf } from '../../qemu/json-value.ts';

/** Seconds that VMs took to be ready, by name, the latest last. */
export type BootTimes = ReadonlyMap<string, readonly number[]>;

/** So many of each VM are kept. */
const keptTimes = 10;
/** From so many on there is something that is usual. */
const fewestTimes = 3;

/** Of the file in the run-time folder; what is no time is left out. */
export function readBootTimes(text: string | undefined): BootTimes {
  const isTime = (value: unknown): value is number => typeof value === 'number' && value >= 0;
  return new Map(Object.entries(recordOf(parsed(text))).map(([vm, times]) => [vm, listOf(times).filter(isTime)]));
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '{}');
  } catch {
    return undefined;
  }
}

/** With one more. VMs that the lab has no more are forgotten. */
export function withBootTime(times: BootTimes, vm: string, seconds: number, vms: readonly string[]): string {
  const known = new Set([...vms, vm]);
  const next = new Map(times).set(vm, [...(times.get(vm) ?? []), seconds].slice(-keptTimes));
  return `${JSON.stringify(Object.fromEntries([...next].filter(([name]) => known.has(name))))}\n`;
}

/** The median. Undefined: too few are known. */
export function usualSeconds(times: BootTimes, vm: string): number | undefined {
  const sorted = [...(times.get(vm) ?? [])].sort((a, b) => a - b);
  return sorted.length < fewestTimes ? undefined : sorted[Math.floor(sorted.length / 2)];
}

/** Some seconds more or less mean nothing. */
export const isSlow = (seconds: number, usual: number | undefined): boolean =>
  usual !== undefined && seconds > usual * 1.5 && seconds > usual + 5;
