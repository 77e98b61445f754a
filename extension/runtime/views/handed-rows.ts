/**
 * Which rows of a tree a view holds: those it was handed and has not dropped since. A view drops all that is inside a
 * row when it is told to draw that row anew, and asks for it again only where the row is open. What it does not hold
 * need not be announced: it comes fresh when it is asked for.
 */
export class HandedRows {
  /** By the row that they are in; undefined: the outermost. */
  private readonly inside = new Map<string | undefined, readonly string[]>();
  private readonly held = new Set<string>();

  has(id: string): boolean {
    return this.held.has(id);
  }

  /** The view asked for all rows in `parent` and got these. */
  hand(parent: string | undefined, ids: readonly string[]): void {
    const stay = new Set(ids);
    for (const id of this.inside.get(parent) ?? []) if (!stay.has(id)) this.drop(id);
    this.inside.set(parent, ids);
    for (const id of ids) this.held.add(id);
  }

  /** The view was told to draw the row anew, undefined: all rows. */
  redraw(id: string | undefined): void {
    for (const child of this.inside.get(id) ?? []) this.drop(child);
    this.inside.delete(id);
  }

  private drop(id: string): void {
    this.held.delete(id);
    this.redraw(id);
  }
}
