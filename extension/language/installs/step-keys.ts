/** What is done in a step; one of them each. */
const deeds: readonly string[] = [
  ...['send', 'type', 'keys', 'first-of', 'repeat', 'wait', 'silence', 'set', 'include', 'cd', 'vm'],
];

/** Keys that say more of another one: they stand only beside one of these. */
const companions: ReadonlyMap<string, readonly string[]> = new Map([
  ['until', ['repeat']],
  ['while', ['repeat']],
  ['steps', ['repeat']],
  ['vars', ['include']],
  ['timeout', ['expect', 'first-of', 'repeat', 'silence', 'vm']],
  ['else', ['expect', 'first-of', 'repeat', 'silence', 'vm']],
]);

/** Whether a key of a step means something beside those that it has already. */
export function mayStandBeside(name: string, there: readonly string[], isBranch: boolean): boolean {
  if (deeds.includes(name)) return !there.some(key => deeds.includes(key));
  if (isBranch && name === 'steps') return true;
  const needed = companions.get(name);
  return needed === undefined || needed.some(key => there.includes(key));
}
