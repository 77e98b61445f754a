/** nwdiag's own; it stops at any other. */
const nwdiagShapes: ReadonlySet<string> = new Set(
  (
    'box square roundedbox diamond minidiamond mail note cloud circle ellipse beginpoint endpoint actor dots textbox none ' +
    'flowchart.database flowchart.input flowchart.loopin flowchart.loopout flowchart.terminator'
  ).split(' '),
);

/** PlantUML's; any other is a rectangle to it. */
const plantumlShapes: ReadonlySet<string> = new Set(
  (
    'actor agent artifact boundary card cloud collections component control database entity file folder frame hexagon ' +
    'interface label node package person queue rectangle stack storage usecase'
  ).split(' '),
);

export const isNwdiagShape = (shape: string): boolean => nwdiagShapes.has(shape);
export const isPlantumlShape = (shape: string): boolean => plantumlShapes.has(shape);
/** Of nwdiag's plugin for Cisco's symbols, which is not part of it. */
export const isCiscoShape = (shape: string): boolean => /^cisco\.[a-z\d_]+$/.test(shape);

/** What nwdiag draws nearest to it. */
export function nwdiagShape(shape: string): string {
  if (isNwdiagShape(shape)) return shape;
  if (shape.includes('cloud')) return 'cloud';
  if (/database|storage|fileserver|disk/.test(shape)) return 'flowchart.database';
  if (/^(person|usecase)$/.test(shape)) return shape === 'person' ? 'actor' : 'ellipse';
  return 'box';
}

/** What PlantUML draws nearest to it; undefined: its rectangle, which needs no word. */
export function plantumlShape(shape: string): string | undefined {
  if (isPlantumlShape(shape)) return shape === 'rectangle' ? undefined : shape;
  if (shape.includes('cloud')) return 'cloud';
  if (/database|fileserver|disk/.test(shape)) return 'database';
  if (shape === 'ellipse' || shape === 'circle') return 'usecase';
  if (shape === 'note' || shape === 'mail') return 'file';
  return undefined;
}
