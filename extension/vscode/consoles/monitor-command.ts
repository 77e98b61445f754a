import { UserError } from '../../base/user-error.ts';
import { isMonitorError, type HmpCommand } from '../../qemu/hmp-help.ts';
import { monitorItems } from '../../runtime/console/monitor-list.ts';
import type { TargetArguments } from '../commands.ts';
import { pickLine } from '../pick-line.ts';
import type { Services } from '../services.ts';
import { runningVms } from '../machines/vm-action-commands.ts';

/** Picks or types a command of QEMU's monitor, with all that there are and what was run before; shows the answer. */
export async function runMonitorCommand(services: Services, args: TargetArguments): Promise<void> {
  const { actions, history, answers } = services.machines;
  const [thing] = await runningVms(services, 'Whose monitor is to run a command?', args, false);
  if (!thing) return;
  let commands: readonly HmpCommand[] = [];
  const ready = actions.monitorCommands(thing).then(found => (commands = found));
  const line = await pickLine(
    {
      title: `Monitor of ${thing.name}`,
      placeholder: 'Pick or type a command; one that needs arguments waits for them',
      items: typed => {
        const items = monitorItems(typed, history.of(thing), commands);
        // The typed line is always among what is shown, whatever it matches.
        return items.map((item, index) => ({ ...item, alwaysShow: index === 0 && item.line === typed.trim() }));
      },
    },
    ready,
  );
  if (line === undefined) return;
  await history.add(thing, line);
  const answer = await actions.monitor(thing, line);
  answers.show(thing.name, line, answer);
  if (isMonitorError(answer)) throw new UserError(`${thing.name}: ${answer.trim().split('\n')[0] ?? ''}`);
}
