import { UserError } from '../../base/user-error.ts';
import { endOf, type CheckEnd } from '../../lab/expectations/check-ends.ts';
import type { Sentence, Word } from '../../lab/expectations/sentence.ts';
import type { Vm } from '../../lab/model.ts';
import type { CheckBench } from './check-bench.ts';
import type { Verdict } from './check-result.ts';
import { judgeApart, type NamedEnd } from './judge-apart.ts';
import { judgePing } from './judge-ping.ts';
import { judgeRate } from './judge-rate.ts';
import { judgeReach } from './judge-reach.ts';
import { judgeRoot } from './judge-root.ts';

/** Looks whether a sentence holds now. Rejects with a UserError where that cannot be found out. */
export async function judgeSentence(sentence: Sentence, bench: CheckBench): Promise<Verdict> {
  switch (sentence.kind) {
    case 'reach': {
      const through = sentence.through && vmsNamed(sentence.through, bench);
      const { port, isForbidden } = sentence;
      const [from, to] = [vmsNamed(sentence.from, bench), named(sentence.to, bench)];
      return judgeReach({ from, to, toWord: sentence.to.text, port, isForbidden, through }, bench);
    }
    case 'ping': {
      const { loss, ms } = sentence;
      return judgePing({ from: vmsNamed(sentence.from, bench), to: named(sentence.to, bench), loss, ms }, bench);
    }
    case 'rate': {
      const { bits } = sentence;
      return judgeRate({ from: vmsNamed(sentence.from, bench), to: vmsNamed(sentence.to, bench), bits }, bench);
    }
    case 'apart': {
      const sideOf = (word: Word): NamedEnd => ({ word: word.text, end: named(word, bench) });
      return judgeApart([sideOf(sentence.one), sideOf(sentence.other)], bench);
    }
    case 'root':
      return judgeRoot(sentence.switch.text, sentence.vlan, bench);
  }
}

function named({ text }: Word, { lab }: CheckBench): CheckEnd {
  const end = endOf(lab, text);
  if (end) return end;
  throw new UserError(`There is nothing named ${text} in this lab.`);
}

function vmsNamed(word: Word, bench: CheckBench): readonly Vm[] {
  const end = named(word, bench);
  if (end.kind === 'vms') return end.vms;
  throw new UserError(`${word.text} is no VM, so no command can be run there.`);
}
