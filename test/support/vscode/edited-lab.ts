import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { until } from './until.ts';
import { VsCodeServer, type VsCodeServerOptions } from './server.ts';
import { Workbench } from './workbench.ts';

export interface EditedLabOptions {
  /** Of the lab file that is edited, and its text, line by line. */
  readonly file: string;
  readonly lines: readonly string[];
  /** What else lies in the folder. */
  readonly files?: Readonly<Record<string, string>>;
  readonly server?: VsCodeServerOptions;
}

/** A lab file in a window of its own with its picture beside it. Remembers what the file was when it was last saved. */
export class EditedLab {
  readonly window: Workbench;
  readonly folder: string;
  lines: readonly string[];
  private readonly server: VsCodeServer;

  private constructor(server: VsCodeServer, window: Workbench, folder: string, lines: readonly string[]) {
    this.server = server;
    this.window = window;
    this.folder = folder;
    this.lines = lines;
  }

  static async open({ file, lines, files, server: options }: EditedLabOptions): Promise<EditedLab> {
    const server = await VsCodeServer.start(options);
    try {
      const folder = await server.makeFolder('lab', { files: { [file]: lines.join('\n'), ...files } });
      const window = await Workbench.open(server, folder, file);
      const edited = new EditedLab(server, window, folder, lines);
      await edited.showPicture().catch(async (error: unknown) => {
        await window.screenshot('failed-to-show-the-picture');
        await window.close();
        throw error;
      });
      return edited;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  /** Saves the file in the editor; gives all its lines. */
  async save(file: string): Promise<readonly string[]> {
    const { page } = this.window;
    await this.window.editor().focus();
    await page.keyboard.press('Control+S');
    // Beside it the picture has an active tab of its own.
    await until(`${file} to be saved`, async () => (await page.locator('.tab.dirty').count()) === 0);
    // What is saved without a change is never dirty, and empty for a moment while VS Code writes it.
    const text = await until(`${file} to be written`, async () => (await this.read(file)) || undefined);
    this.lines = text.split('\n');
    return this.lines;
  }

  /** Saves the file; gives the lines that it did not have before. */
  async added(file: string): Promise<readonly string[]> {
    const before = this.lines;
    return (await this.save(file)).filter(line => !before.includes(line));
  }

  async close(): Promise<void> {
    await this.window.close();
    await this.server.stop();
  }

  private read(file: string): Promise<string> {
    return readFile(path.join(this.folder, file), 'utf8');
  }

  private async showPicture(): Promise<void> {
    await this.window.openContainer('KVM Lab');
    await this.window.runCommand('KVM Lab: Open Picture');
    await this.window.picture.waitForThing(/, VM/);
  }
}
