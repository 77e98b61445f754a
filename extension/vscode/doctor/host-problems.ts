import type { HostProblemsItem } from './host-problems-item.ts';
import type { HostProblems, HostProblemsParts } from './host-problems-parts.ts';

/** Nothing is looked at, or loaded, before a lab has been read. */
export function watchHost(parts: HostProblemsParts): HostProblems {
  const { store, report } = parts;
  let item: HostProblemsItem | undefined;
  let isOver = false;
  const load = async (): Promise<void> => {
    const { HostProblemsItem } = await import('./doctor-room.ts');
    if (!isOver) item = new HostProblemsItem(parts);
  };
  const waiting = store.onDidChange(({ labs }) => {
    if (labs.length === 0) return;
    waiting.dispose();
    load().catch(report);
  });
  return {
    get text() {
      return item?.text;
    },
    look: () => item?.look(),
    dispose: () => {
      isOver = true;
      waiting.dispose();
      item?.dispose();
    },
  };
}
