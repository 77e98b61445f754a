import type { Lab } from '../model.ts';
import { didYouMean, NearestName, shown } from '../names.ts';
import type { Problem, ProblemCode } from '../problem.ts';
import { ProblemList } from '../reading/report.ts';
import { valueSpan } from '../reading/spans.ts';
import type { TextSpan } from '../text-span.ts';
import { endOf, type CheckEnd } from './check-ends.ts';
import type { LabCheck } from './lab-check.ts';
import { isMistake, readSentence, type Sentence, type Word } from './sentence.ts';

type Kind = CheckEnd['kind'];
type Tell = (code: ProblemCode, word: Word, message: string) => void;

/** What is wrong with the checks of a lab: sentences that nobody understands, and names of nothing. `text`: the file's. */
export function checkSentences(lab: Lab, text: string): readonly Problem[] {
  const problems = new ProblemList(text.length);
  for (const check of lab.checks ?? []) {
    const { says } = check;
    if (says.kind === 'sentence') checkSentence(lab, check, says.text, text, problems);
    else if (!lab.vms.some(({ name }) => name === says.on))
      problems.report('unknown-vm', valueSpan(check, 'on'), unknown(lab, says.on, ['vms']));
  }
  return problems.inFileOrder();
}

function checkSentence(lab: Lab, check: LabCheck, sentence: string, text: string, problems: ProblemList): void {
  const place = valueSpan(check, 'check');
  const read = readSentence(sentence);
  if (isMistake(read)) {
    problems.report('bad-value', partOf(place, sentence, text, read.start, read.end), read.message);
    return;
  }
  const tell: Tell = (code, { text: name, at }, message) =>
    problems.report(code, partOf(place, sentence, text, at, at + name.length), message);
  for (const [word, kinds] of wordsOf(read)) checkWord(lab, word, kinds, tell);
  if (read.kind === 'reach' && read.port?.protocol === 'udp' && endOf(lab, read.to.text)?.kind === 'address')
    tell('bad-value', read.to, 'Whether a UDP packet arrives is seen in the guest, so name a VM of the lab.');
}

/** The names of a sentence, and what each may be a name of. */
function wordsOf(sentence: Sentence): readonly (readonly [Word, readonly Kind[]])[] {
  switch (sentence.kind) {
    case 'reach':
      return [
        [sentence.from, ['vms']],
        [sentence.to, ['vms', 'switch', 'address']],
        ...(sentence.through ? [[sentence.through, ['vms']] as const] : []),
      ];
    case 'ping':
      return [
        [sentence.from, ['vms']],
        [sentence.to, ['vms', 'switch', 'address']],
      ];
    case 'rate':
      return [
        [sentence.from, ['vms']],
        [sentence.to, ['vms']],
      ];
    case 'apart':
      return [
        [sentence.one, ['vms', 'vlan']],
        [sentence.other, ['vms', 'vlan']],
      ];
    case 'root':
      return [[sentence.switch, ['switch']]];
  }
}

function checkWord(lab: Lab, word: Word, kinds: readonly Kind[], tell: Tell): void {
  const end = endOf(lab, word.text);
  // A switch may have the name of a VM.
  const isSwitch = kinds.includes('switch') && lab.switches.some(({ name }) => name === word.text);
  if (!end || !(kinds.includes(end.kind) || isSwitch)) {
    tell(kinds.includes('vms') ? 'unknown-vm' : 'unknown-switch', word, unknown(lab, word.text, kinds));
    return;
  }
  if (end.kind === 'vlan' && !lab.switches.some(({ vlans }) => vlans.includes(end.vlan)))
    tell('vlan-range', word, `No switch of this lab has ${word.text}.`);
  if (end.kind === 'vms' && end.vms.length === 0) tell('unknown-vm', word, `${word.text} has no VMs.`);
}

function unknown(lab: Lab, name: string, kinds: readonly Kind[]): string {
  const [vms, switches] = [[...lab.vms, ...lab.groups], lab.switches].map(list => list.map(one => one.name));
  const known = [...(kinds.includes('vms') ? (vms ?? []) : []), ...(kinds.includes('switch') ? (switches ?? []) : [])];
  const what = kinds
    .flatMap(kind => words[kind])
    .join(', ')
    .replace(/, ([^,]*)$/, ' or $1');
  const nearest = didYouMean(new NearestName().find(name, known)) || ` Known: ${known.slice(0, 10).join(', ')}.`;
  return `There is no ${what} "${shown(name)}" in this lab.${nearest}`;
}

const words: Readonly<Record<Kind, readonly string[]>> = {
  vms: ['VM', 'group'],
  switch: ['switch'],
  address: ['address'],
  vlan: ['VLAN'],
};

/** Where a part of a sentence is in the file; all of it where quotes and escapes make that hard to say. */
function partOf(place: TextSpan, sentence: string, text: string, start: number, end: number): TextSpan {
  const isQuoted = /["']/.test(text.charAt(place.start));
  const first = place.start + (isQuoted ? 1 : 0);
  if (place.file !== undefined || text.slice(first, first + sentence.length) !== sentence) return place;
  return { start: first + start, end: first + end };
}
