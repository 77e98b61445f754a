import { UserError } from '../../base/user-error.ts';
import { parseBpf, runBpf } from '../../packets/bpf.ts';
import { FilterError, filterWords, parseFilter, type FrameFilter } from '../../packets/filter.ts';
import type { FilterCompiler } from '../capture-ports.ts';

/** A capture filter in the words of tcpdump, all of them where there is a tcpdump. Throws a UserError that says what is wrong. */
export async function makeFilter(text: string | undefined, compiler: FilterCompiler): Promise<FrameFilter | undefined> {
  if (text === undefined || text.trim() === '') return undefined;
  const instructions = await compiler.compile(text);
  if (instructions !== undefined) {
    const program = parseBpf(instructions);
    return (bytes, length) => runBpf(program, bytes, length);
  }
  try {
    return parseFilter(text);
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    throw new UserError(
      `The filter "${text}" is not understood: ${error.message}. Without tcpdump it can be made of: ${filterWords}.`,
    );
  }
}
