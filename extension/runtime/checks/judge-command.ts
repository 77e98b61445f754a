import { matches, patternText } from '../../lab/console-pattern.ts';
import { UserError } from '../../base/user-error.ts';
import type { CheckCommand } from '../../lab/expectations/lab-check.ts';
import { shown } from '../../lab/names.ts';
import type { CheckBench } from './check-bench.ts';
import { failed, passed, type Verdict } from './check-result.ts';

/** Runs a command of the lab file in its guest, and looks at what comes of it. */
export async function judgeCommand({ on, run, status, prints }: CheckCommand, bench: CheckBench): Promise<Verdict> {
  const vm = bench.lab.vms.find(({ name }) => name === on);
  if (!vm) throw new UserError(`There is no VM ${on} in this lab.`);
  const answer = await bench.run(vm, run);
  const [last = ''] = answer.output.trim().split('\n').slice(-1);
  const came = last === '' ? 'It printed nothing.' : `It printed: ${shown(last)}`;
  if (answer.status !== undefined && answer.status !== status)
    return failed(`On ${on} the command ended with ${answer.status} and not with ${status}. ${came}`);
  if (prints && !matches(prints, answer.output))
    return failed(`On ${on} the command did not print ${patternText(prints)}. ${came}`);
  return passed(`On ${on} the command ended with ${status}. ${came}`);
}
