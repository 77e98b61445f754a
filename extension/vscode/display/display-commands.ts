import { UserError } from '../../base/user-error.ts';
import { displayOfRow, displayOfVm, withDisplay, type DisplayTarget } from '../../runtime/display/display-target.ts';
import { vmsOf } from '../../runtime/views/thing-list.ts';
import type { TargetArguments } from '../commands.ts';
import { thingsOrPick } from '../pick.ts';
import type { Services } from '../services.ts';
import { rowOf } from '../targets.ts';

export async function openDisplays(services: Services, args: TargetArguments): Promise<void> {
  for (const target of await displaysOf(services, args)) services.displays.open(target);
}

async function displaysOf(services: Services, args: TargetArguments): Promise<readonly DisplayTarget[]> {
  const row = rowOf(args);
  const foreign = row && !row.thing ? displayOfRow(row) : undefined;
  if (foreign) return [foreign];
  if (row && !row.thing) throw new UserError(`VM ${row.label} has no display (VNC) on a TCP port.`);
  const { store } = services;
  const list = () => withDisplay(vmsOf(store.labs), store.labs, store.host);
  const things = await thingsOrPick(services, args, {
    title: 'Open the display of which VM?',
    list,
    canPickMany: true,
  });
  return things
    .filter(thing => thing.kind === 'vm')
    .map(thing => {
      const found = displayOfVm(thing, store.labs, store.host);
      if (found) return found;
      const open = { title: 'Open Lab File', command: 'kvmlab.openLabFile', args: [thing] };
      throw new UserError(
        `VM ${thing.name} has no display. Write \`vnc: true\` into its entry of the lab file, and start it again.`,
        [open],
      );
    });
}
