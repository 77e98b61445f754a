import type { Lab } from '../../lab/model.ts';
import type { Files, ScriptFolder } from '../host.ts';
import { scriptFolder } from '../lab-identity.ts';
import { isHandMade, planScripts } from './renew-plan.ts';
import { handMadeWords } from './renew-words.ts';
import { thingOf } from './restart-needs.ts';

/** By `vm/fw`, what was changed by hand in the scripts of a lab. */
export async function handMarks(
  files: Pick<Files, 'read'> & Pick<ScriptFolder, 'list'>,
  path: string,
  lab: Lab,
): Promise<ReadonlyMap<string, string>> {
  if ((await files.list(scriptFolder(path, lab))).length === 0) return new Map();
  const plan = await planScripts(files, path, lab);
  return new Map(
    plan.scripts.filter(isHandMade).map(script => {
      const thing = thingOf(plan, script.name) ?? { kind: 'lab', name: lab.name };
      return [`${thing.kind}/${thing.name}`, handMadeWords(script)];
    }),
  );
}
