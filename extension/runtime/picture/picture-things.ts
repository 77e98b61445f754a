import type { Diagram, DiagramNode } from '../../diagram/diagram.ts';
import { outsideId } from '../../diagram/from-lab.ts';
import { linkId, thingId, type ThingId } from '../../diagram/thing-id.ts';
import type { TextSpan } from '../../lab/text-span.ts';

/** One thing of a picture, with where else it can be seen. */
export interface PictureThing {
  readonly id: ThingId;
  /** Of its row in the tree "Labs"; undefined: it has none. Several things may share one. */
  readonly row: string | undefined;
  readonly span: TextSpan | undefined;
}

/** The things of a picture, found by their ids, by the rows of the tree, and by places in the file. */
export class PictureThings {
  readonly all: readonly PictureThing[];
  private readonly byId: ReadonlyMap<ThingId, PictureThing>;
  private readonly byRow = new Map<string, PictureThing>();

  /** `lab`: path of the lab file; undefined: a `.diag`, of which no tree has rows. */
  constructor(diagram: Diagram, lab: string | undefined) {
    this.all = thingsOf(diagram, lab);
    this.byId = new Map(this.all.map(thing => [thing.id, thing]));
    // The first one has the row: a switch goes before its uplink.
    for (const thing of this.all)
      if (thing.row !== undefined && !this.byRow.has(thing.row)) this.byRow.set(thing.row, thing);
  }

  get(id: ThingId): PictureThing | undefined {
    return this.byId.get(id);
  }

  atRow(row: string): PictureThing | undefined {
    return this.byRow.get(row);
  }

  /** The smallest thing whose text the place is in. */
  atOffset(offset: number): PictureThing | undefined {
    let best: { readonly thing: PictureThing; readonly length: number } | undefined;
    for (const thing of this.all) {
      const { span } = thing;
      if (!span || span.file !== undefined || offset < span.start || offset > span.end) continue;
      const length = span.end - span.start;
      if (!best || length < best.length) best = { thing, length };
    }
    return best?.thing;
  }
}

/** What a switch brings along has its row; where a wire leads outside, the wire's. */
function rowOfNode({ kind, id }: DiagramNode): string {
  if (kind === 'vm') return `vm/${id}`;
  const owner = id.replace(/\/[^/]*$/, '');
  return id === outsideId(owner) ? `wire/${owner}` : `switch/${owner}`;
}

function thingsOf(
  { networks, nodes, links, wires, groups }: Diagram,
  lab: string | undefined,
): readonly PictureThing[] {
  const row = (name: string): string | undefined => (lab === undefined ? undefined : `${lab}#${name}`);
  const thing = (id: ThingId, rowName: string, { span }: { readonly span?: TextSpan }): PictureThing => ({
    id,
    row: row(rowName),
    span,
  });
  return [
    ...networks.map(one => thing(thingId('network', one.id), `switch/${one.id}`, one)),
    ...nodes.map(one => thing(thingId('node', one.id), rowOfNode(one), one)),
    ...links.map(one =>
      thing(linkId(one), one.nic === undefined ? `switch/${one.network}` : `vm/${one.node}/nic/${one.nic}`, one),
    ),
    ...wires.map(one => thing(thingId('wire', one.id), `wire/${one.id}`, one)),
    ...groups.map(one => thing(thingId('group', one.id), `group/${one.id}`, one)),
  ];
}
