import { UserError } from '../../base/user-error.ts';
import type { Lab } from '../../lab/model.ts';
import type { Files } from '../host.ts';
import { readLabFile, type LabCheckOptions } from '../lab-check.ts';
import { folderOf } from '../paths.ts';
import type { SnapshotPoint } from './snapshot-point.ts';

/** The lab of a point: as its texts of then say it, whatever its files say now. */
export async function labThen(
  labPath: string,
  point: SnapshotPoint,
  files: Files,
  options: LabCheckOptions,
): Promise<Lab> {
  const [labFile, ...others] = point.files;
  const texts = new Map(others.map(({ name, text }) => [name, text]));
  const included: LabCheckOptions['included'] = {
    read: (_lab, name) => {
      const [path, text] = [`${folderOf(labPath)}/${name}`, texts.get(name)];
      return Promise.resolve(
        text === undefined ? { name, path, refusal: 'the snapshot does not have it' } : { name, path, text },
      );
    },
  };
  const read = (path: string): Promise<string | undefined> =>
    path === labPath ? Promise.resolve(labFile?.text) : files.read(path);
  const then: Files = {
    read,
    readTail: (path, bytes) => files.readTail(path, bytes),
    write: (path, content, mode) => files.write(path, content, mode),
    exists: path => files.exists(path),
  };
  const { lab } = (await readLabFile(labPath, then, { ...options, included })).reading;
  if (lab) return lab;
  throw new UserError(`The lab file of the snapshot ${point.name} cannot be read as a lab.`);
}
