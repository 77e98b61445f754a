import { type Locator } from 'playwright-core';
import { patienceMs, until } from './until.ts';
import { type Workbench } from './workbench.ts';

/** VS Code's list of problems. */
export class ProblemsPanel {
  private readonly workbench: Workbench;

  constructor(workbench: Workbench) {
    this.workbench = workbench;
  }

  async show(): Promise<void> {
    await this.workbench.runCommand('Problems: Focus on Problems View');
    await this.workbench.page.locator('.markers-panel').waitFor();
  }

  /** The rows on the screen, files and problems alike, each as one line. */
  async texts(): Promise<readonly string[]> {
    return (await this.rows().allInnerTexts()).map(text => text.replaceAll(/\s+/g, ' ').trim());
  }

  async waitFor(text: string | RegExp, timeoutMs = patienceMs): Promise<string> {
    const matches = (row: string) => (typeof text === 'string' ? row.includes(text) : text.test(row));
    return until(`the problem ${String(text)}`, async () => (await this.texts()).find(matches), { timeoutMs });
  }

  async waitForNone(timeoutMs = patienceMs): Promise<void> {
    await until('no problem to be left', async () => (await this.rows().count()) === 0, { timeoutMs });
  }

  private rows(): Locator {
    return this.workbench.page.locator('.markers-panel .monaco-list-row');
  }
}
