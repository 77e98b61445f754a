import type { Files } from '../../extension/runtime/host.ts';

/** Files in memory. */
export class FakeFiles implements Files {
  readonly held: Map<string, string>;
  readonly modes = new Map<string, number | undefined>();

  constructor(files: Readonly<Record<string, string>> = {}) {
    this.held = new Map(Object.entries(files));
  }

  read(path: string): Promise<string | undefined> {
    return Promise.resolve(this.held.get(path));
  }

  readTail(path: string, bytes: number): Promise<string | undefined> {
    return Promise.resolve(this.held.get(path)?.slice(-bytes));
  }

  write(path: string, text: string, mode?: number): Promise<void> {
    this.held.set(path, text);
    this.modes.set(path, mode);
    return Promise.resolve();
  }

  exists(path: string): Promise<boolean> {
    return Promise.resolve(this.held.has(path));
  }
}
