import { readShellList } from '../../base/shell-word.ts';
import { UserError } from '../../base/user-error.ts';
import { vmScript } from '../../lab/layout.ts';
import { scriptFolder } from '../lab-identity.ts';
import { folderOf } from '../paths.ts';
import { movedWords, type Move } from './moved-words.ts';
import type { PointedLab, SnapshotParts } from './snapshot-parts.ts';
import type { SavedVm, SnapshotPoint } from './snapshot-point.ts';

export const withMemory = ({ vms }: SnapshotPoint): readonly SavedVm[] =>
  vms.filter(({ memory }) => memory !== undefined);

/** The memory of a VM fits only into the machine that it comes from. `outcome`: what a refusal means. */
export async function requireSameMachines(
  { path, lab }: PointedLab,
  point: SnapshotPoint,
  outcome: string,
  { control, scripts, runDir, folders }: Pick<SnapshotParts, 'control' | 'scripts' | 'runDir' | 'folders'>,
): Promise<void> {
  await control.generate(path);
  const { places } = point;
  const folder = await folders.real(folderOf(path));
  const moves: readonly Move[] = places
    ? [
        [places.folder, folder],
        [places.run, runDir(lab.name)],
      ]
    : [];
  for (const { name, command } of withMemory(point)) {
    const script = `${scriptFolder(path, lab)}/${vmScript(name)}`;
    const { output } = await scripts.run(script, ['command']);
    const now = readShellList(`(${output})`, 0).items ?? [];
    const then = movedWords(withoutIncoming(command), moves);
    const at = then.findIndex((word, index) => word !== now[index]);
    if (at < 0 && now.length === then.length) continue;
    throw new UserError(
      `${name} would not be the machine that was saved: its script now says "${now[at] ?? 'nothing'}" where it said "${then[at] ?? 'nothing'}". ${outcome}. Look at its settings in ${script}.`,
    );
  }
}

const withoutIncoming = (words: readonly string[]): readonly string[] =>
  words.slice(-3).join(' ') === '-incoming defer -S' ? words.slice(0, -3) : words;
