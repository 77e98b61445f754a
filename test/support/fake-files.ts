import type { Files, ScriptFolder } from '../../extension/runtime/host.ts';

/** Files in memory. Bytes are held as one character each. */
export class FakeFiles implements Files, ScriptFolder {
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

  write(path: string, content: string | Uint8Array, mode?: number): Promise<void> {
    this.held.set(path, typeof content === 'string' ? content : Buffer.from(content).toString('latin1'));
    this.modes.set(path, mode);
    return Promise.resolve();
  }

  exists(path: string): Promise<boolean> {
    return Promise.resolve(this.held.has(path));
  }

  list(folder: string): Promise<readonly string[]> {
    const names = [...this.held.keys()]
      .filter(path => path.startsWith(`${folder}/`))
      .map(path => path.slice(folder.length + 1));
    return Promise.resolve([...new Set(names.map(name => name.split('/')[0] ?? ''))]);
  }

  remove(path: string): Promise<void> {
    this.held.delete(path);
    return Promise.resolve();
  }
}
