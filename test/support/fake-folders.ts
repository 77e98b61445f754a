import type { LabFolders } from '../../extension/runtime/host.ts';

/** Who has which run-time folder, as a test says; nobody has the others. */
export class FakeFolders implements LabFolders {
  readonly scripts = new Map<string, string>();

  scriptsOf(runDir: string): string | undefined {
    return this.scripts.get(runDir);
  }

  isSame(a: string, b: string): boolean {
    return a === b;
  }
}
