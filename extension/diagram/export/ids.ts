/** So long may a name be within an id; the label has all of it. */
const longest = 40;

/** Gives each thing an id of its own: what it is, then as much of its name as is letters and digits. Never a keyword. */
export class ExportIds {
  private readonly used = new Set<string>();

  /** `net` and `DMZ 2` give `net_DMZ_2`, and `net_DMZ_2_2` the second time. */
  of(kind: string, name: string): string {
    const letters = name
      .slice(0, longest)
      .replaceAll(/[^A-Za-z0-9]+/g, '_')
      .replaceAll(/^_|_$/g, '');
    // `node` alone is a keyword of Graphviz.
    const wanted = `${kind}_${letters || 'x'}`;
    let id = wanted;
    // Without regard to case: D2 knows none.
    for (let count = 2; this.used.has(id.toLowerCase()); count++) id = `${wanted}_${count}`;
    this.used.add(id.toLowerCase());
    return id;
  }
}

/** Control characters but for the ends of lines, and halves of surrogate pairs: no text format knows what to do with them. */
export const printableText = (text: string): string =>
  text.replaceAll(/\r\n?/g, '\n').replaceAll(/(?!\n)[\p{Cc}\p{Cs}\u2028\u2029]/gu, '\uFFFD');
