import { thingsWithScript } from '../../runtime/views/thing-list.ts';
import type { TargetArguments } from '../commands.ts';
import { thingsOrPick } from '../pick.ts';
import type { Services } from '../services.ts';
import { adoptHandEdits } from './adopt-command.ts';
import { soundLab } from './renew-commands.ts';

/** Adopts hand edits of the scripts of what was clicked or picked: of a lab all of them. */
export async function adoptScripts(services: Services, args: TargetArguments): Promise<void> {
  const list = () => thingsWithScript(services.store.labs);
  const title = 'Adopt which scripts’ changes into the lab file?';
  const [of] = await thingsOrPick(services, args, { title, list, canPickMany: false });
  if (!of) return;
  const lab = await soundLab(services, of.lab);
  const isWhole = of.kind === 'lab' || of.kind === 'group';
  await adoptHandEdits(services, of.lab, lab, thing => isWhole || (thing?.kind === of.kind && thing.name === of.name));
}
