import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readDiag } from '../../extension/diagram/language/reader.ts';
import { classicPicture } from '../../extension/diagram/layout/classic.ts';
import { clearPicture } from '../../extension/diagram/layout/clear.ts';
import type { Diagram } from '../../extension/diagram/diagram.ts';
import { largeDiag } from '../support/large-diag.ts';
import { race, report } from './measure.ts';

const sizes = [
  [3, 10],
  [20, 200],
  [50, 1000],
] as const;

/**
 * From the text to where everything stands; the rivals are nwdiag and Graphviz (Debian's python3-nwdiag and
 * graphviz) on the same networks, whole processes. */
export async function benchLayouts(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'kb-layout-'));
  try {
    for (const [networks, nodes] of sizes) await benchSize(folder, networks, nodes);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function benchSize(folder: string, networks: number, nodes: number): Promise<void> {
  const text = largeDiag(networks, nodes);
  const { diagram } = readDiag(text);
  const [diagFile, dotFile] = [path.join(folder, 'large.diag'), path.join(folder, 'large.dot')];
  writeFileSync(diagFile, text);
  writeFileSync(dotFile, dotText(diagram));
  const run = (program: string, file: string) => (): unknown =>
    execFileSync(program, ['-Tsvg', '-o', path.join(folder, `${program}.svg`), file]);
  const rivals = await race({ nwdiag3: run('nwdiag3', diagFile), dot: run('dot', dotFile) }, 3, 1);
  // As in an editor, where it happens at each key: Node has seen the code before.
  const ours = await race(
    {
      'read and lay out, classic': () => classicPicture(readDiag(text).diagram),
      'read and lay out, clear': () => clearPicture(readDiag(text).diagram),
    },
    25,
    25,
  );
  const title = `${networks} networks, ${nodes} nodes, ${diagram.links.length} links: from text to a laid-out picture`;
  report(`${title}; the rival is nwdiag`, { ...rivals, ...ours });
  for (const [name, ms] of Object.entries(ours))
    for (const [rival, theirs] of Object.entries(rivals))
      console.log(`  ${name}: ${(theirs / ms).toFixed(0)} times as fast as ${rival}`);
}

/** The same graph for Graphviz: networks and nodes are boxes, links are edges. */
const dotText = ({ networks, nodes, links }: Diagram): string =>
  [
    'graph {',
    ...networks.map(({ id }) => `  "n/${id}" [shape=box];`),
    ...nodes.map(({ id }) => `  "${id}" [shape=box];`),
    ...links.map(({ node, network }) => `  "n/${network}" -- "${node}";`),
    '}\n',
  ].join('\n');
