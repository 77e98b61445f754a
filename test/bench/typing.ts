import { parseDocument } from 'yaml';
import { parseLab, readLab } from '../../extension/lab/reading/reader.ts';
import { YamlPieces } from '../../extension/lab/reading/yaml-pieces.ts';
import { completionAt } from '../../extension/language/completion.ts';
import { hoverAt } from '../../extension/language/hover.ts';
import { readLoosely } from '../../extension/language/loose-tree.ts';
import { bigLab } from '../support/lab-generator.ts';
import { languageFacts } from '../support/language-facts.ts';
import { race, report } from './measure.ts';

/** What a letter costs in a lab of 1,000 VMs, typed in its middle; the rival only parses the YAML, with positions. */
export async function benchTyping(): Promise<void> {
  const text = bigLab(1000, 50);
  const { lab } = readLab(text, { fileName: 'big.lab.yaml' });
  const facts = languageFacts({ lab });
  const at = text.indexOf('switch: s', text.length / 2) + 'switch: s'.length;
  const address = text.indexOf('address: ', at) + 'address: '.length;
  const pieces = new YamlPieces();
  let letters = 0;
  const typed = (): string => `${text.slice(0, at)}${++letters}${text.slice(at)}`;
  const states = { lab, vmState: () => 'stopped', switchState: () => 'stopped' };
  report(
    'A letter in a lab of 1,000 VMs; the rival only parses the YAML',
    await race({
      'yaml: parseDocument': () => parseDocument(text, { uniqueKeys: false, prettyErrors: false }),
      'loose tree': () => readLoosely(text),
      'completion: names of switches': () => completionAt(text, at, facts),
      'completion: next free address': () => completionAt(text, address, facts),
      'hover over a switch': () => hoverAt(text, at, { ...states, livePorts: () => Promise.resolve(undefined) }),
      'all problems of a file that is new': () => readLab(text, { fileName: 'big.lab.yaml' }),
      'all problems after a letter': () => readLab(parseLab(typed(), pieces), { fileName: 'big.lab.yaml' }),
    }),
  );
}
