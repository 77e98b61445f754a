import { UsageError, type Arguments, type OptionShape } from './arguments.ts';

/** For commands that go on until somebody ends them. */
export const untilExitOption = (summary: string): OptionShape => ({ name: 'until-exit', value: 'PID', summary });

/** The process with which the command is to end; undefined: none. Throws a UsageError. */
export function parentOf(options: Arguments['options']): number | undefined {
  const text = options.get('until-exit');
  if (text !== undefined && !/^[1-9]\d{0,9}$/.test(text)) throw new UsageError(`--until-exit ${text} is no process.`);
  return text === undefined ? undefined : Number(text);
}
