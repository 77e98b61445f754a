import { format } from 'prettier';
import { parse } from 'yaml';
import { colouredNames } from '../../extension/language/colours.ts';
import { labFolds } from '../../extension/language/folding.ts';
import { formatLab } from '../../extension/language/format/format.ts';
import { labLinks } from '../../extension/language/links.ts';
import { readLoosely } from '../../extension/language/loose-tree.ts';
import { LabIndex } from '../../extension/language/names/lab-index.ts';
import { labOutline } from '../../extension/language/outline.ts';
import { bigLab } from '../support/lab-generator.ts';
import { race, report } from './measure.ts';

/** What an editor asks of a lab file of 1,000 VMs after each key, and its format. */
export async function benchNames(): Promise<void> {
  const text = bigLab(1000, 50);
  const tree = readLoosely(text);
  const index = new LabIndex(text, tree);
  const [{ span } = { span: { start: 0, end: 0 } }] = index.all('switch', 's7', 'reference');
  report(
    'Names in a lab of 1,000 VMs; the rival only parses the YAML',
    await race({
      'yaml: parse': (): unknown => parse(text),
      'tree of the text, half typed or not': () => readLoosely(text),
      'names, from the tree': () => new LabIndex(text, tree),
      'outline, from the tree': () => labOutline(tree),
      'folds, from the tree': () => labFolds(text, tree),
      'links, from the tree': () => labLinks(tree),
      'colours, from the names': () => colouredNames(index),
      'name at the cursor and all its places': () => index.all('switch', index.at(span.start)?.name ?? ''),
    }),
  );
  const loose = text.replaceAll('  ', '    ').replaceAll('{ ', '{');
  report(
    'Format of a lab of 1,000 VMs, all of whose lines have to be changed; the rival is Prettier',
    await race(
      { 'prettier: format': () => format(loose, { parser: 'yaml', printWidth: 120 }), format: () => formatLab(loose) },
      5,
      1,
    ),
  );
}
