/** Tells of a long work each time that another tenth of it is done: `Copying web.qcow2: 40%`. */
export function inTenths(what: string, tell: (words: string) => void): (percent: number) => void {
  let told = 0;
  return percent => {
    const tenth = Math.floor(percent / 10) * 10;
    if (tenth <= told || tenth >= 100) return;
    told = tenth;
    tell(`${what}: ${tenth}%`);
  };
}
