import { type Locator, type Page } from 'playwright-core';
import { until } from './until.ts';

/** The open pick list: what it offers, and the buttons of it and of its rows. */
export class PickList {
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Waits until it is the one with this title. */
  async waitForTitle(title: string): Promise<void> {
    await this.widget().locator('.quick-input-title').filter({ hasText: title }).waitFor();
  }

  /** Waits until this is offered as the answer: a dialog for files fills it in a moment after it has opened. */
  async waitForOffer(text: string): Promise<void> {
    const input = this.widget().locator('input.input');
    await until(`${text} in the input`, async () => (await input.inputValue()).includes(text));
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
