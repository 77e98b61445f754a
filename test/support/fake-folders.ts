import type { LabFolders } from '../../extension/runtime/host.ts';

/** Who has which run-time folder, as a test says; nobody has the others. */
export class FakeFolders implements LabFolders {
  readonly scripts = new Map<string, string>();

  /** By run-time folder and VM: what was written down of a move. */
  readonly moves = new Map<string, ReadonlyMap<string, string>>();

  movesFrom(runDir: string): ReadonlyMap<string, string> {
    return this.moves.get(runDir) ?? new Map();
  }

  scriptsOf(runDir: string): string | undefined {
    return this.scripts.get(runDir);
  }

  isSame(a: string, b: string): boolean {
    return a === b;
  }
}
