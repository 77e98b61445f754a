import { type Locator, type Page } from 'playwright-core';

/** The merge editor that is on the screen. */
export class MergeEditor {
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** The line with the memory of a VM in both sides and in the result. */
  async sides(): Promise<readonly (string | undefined)[]> {
    const texts = await this.page.locator('.merge-editor .code-view .view-lines').allInnerTexts();
    return texts.map(text => /^RAM=\S*$/m.exec(text.replaceAll('\u00a0', ' '))?.[0]);
  }

  /** Takes one side of the only clash out of the result and the other one into it, and saves that. */
  async swap(from: string, to: string): Promise<void> {
    const editor = this.page.locator('.merge-editor');
    await editor.getByText(`Remove ${from}`, { exact: true }).click();
    await editor.getByText(`Accept ${to}`, { exact: true }).click();
    await this.page.keyboard.press('Control+S');
  }

  /** Closes the editor of this script. */
  async close(script: string): Promise<void> {
    const tab = this.tab(script);
    await tab.click({ button: 'middle' });
    await tab.waitFor({ state: 'hidden' });
  }

  private tab(script: string): Locator {
    return this.page.locator('.tab').filter({ hasText: `Merging: ${script}` });
  }
}
