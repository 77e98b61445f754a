import { type Locator, type Page } from 'playwright-core';

/** The open pick list: what it offers, and the buttons of it and of its rows. */
export class PickList {
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Waits until it is the one with this title. */
  async waitForTitle(title: string | RegExp): Promise<void> {
    await this.widget().locator('.quick-input-title').filter({ hasText: title }).waitFor();
  }

  /** What its rows say: label, description and detail. */
  async rows(): Promise<readonly string[]> {
    await this.row(/./).waitFor();
    const texts = await this.widget().locator('.quick-input-list .monaco-list-row').allInnerTexts();
    return texts.map(text => text.replaceAll(/\s+/g, ' ').trim());
  }

  /** Presses a button beside the title. */
  async pressTitle(button: string): Promise<void> {
    await this.widget().locator(`.quick-input-titlebar .action-label[aria-label^="${button}"]`).click();
  }

  /** Presses a button of the row. */
  async press(row: string | RegExp, button: string): Promise<void> {
    await this.row(row).hover();
    await this.row(row).locator(`.action-label[aria-label^="${button}"]`).click();
  }

  private row(text: string | RegExp): Locator {
    return this.widget().locator('.quick-input-list .monaco-list-row').filter({ hasText: text }).first();
  }

  private widget(): Locator {
    return this.page.locator('.quick-input-widget:visible');
  }
}
