/** Absolute POSIX paths as text; nothing here touches a disk. */

export function folderOf(path: string): string {
  const cut = path.lastIndexOf('/');
  return cut <= 0 ? '/' : path.slice(0, cut);
}

export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The way from one folder to another: `..`, `../../labs`, `.` for the same. */
export function relativeFolder(from: string, to: string): string {
  const parts = (path: string): string[] => path.split('/').filter(part => part !== '' && part !== '.');
  const [start, goal] = [parts(from), parts(to)];
  let same = 0;
  while (same < start.length && same < goal.length && start[same] === goal[same]) same += 1;
  return [...start.slice(same).map(() => '..'), ...goal.slice(same)].join('/') || '.';
}
