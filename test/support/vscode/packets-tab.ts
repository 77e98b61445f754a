import { type FrameLocator, type Locator, type Page } from 'playwright-core';
import { patienceMs } from './until.ts';
import { webviewFrame } from './webview-frame.ts';

/** The tab of a live capture. */
export class PacketsTab {
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** The lines on the screen: number, time, source, destination, protocol, length, info. */
  async lines(): Promise<readonly (readonly string[])[]> {
    return this.rows().evaluateAll(rows =>
      rows.map(row => Array.from(row.querySelectorAll('span'), span => span.textContent)),
    );
  }

  /** Waits for a packet in the list. */
  async waitForPacket(text: string | RegExp, timeoutMs = patienceMs): Promise<void> {
    await this.rows().filter({ hasText: text }).first().waitFor({ timeout: timeoutMs });
  }

  async waitForWords(words: string | RegExp, timeoutMs = patienceMs): Promise<void> {
    await this.frame().getByRole('status').filter({ hasText: words }).waitFor({ timeout: timeoutMs });
  }

  async select(text: string | RegExp): Promise<void> {
    await this.rows().filter({ hasText: text }).first().click();
  }

  /** Presses a key in the list. */
  async press(key: string): Promise<void> {
    await this.frame().getByRole('listbox', { name: 'Packets' }).press(key);
  }

  async waitForSelected(number: number): Promise<void> {
    const selected = this.frame().locator('.row[aria-selected=true] .number');
    await selected.filter({ hasText: new RegExp(`^${number}$`) }).waitFor();
  }

  /** Waits for a text in what is said of the selected packet. */
  async waitForDetail(text: string | RegExp): Promise<void> {
    await this.frame().getByRole('region', { name: 'Details of the packet' }).filter({ hasText: text }).waitFor();
  }

  /** Bytes that are marked when this detail is pressed. */
  async markedBytes(detail: string | RegExp): Promise<string> {
    await this.frame().locator('.layers li button').filter({ hasText: detail }).first().click();
    return (await this.frame().locator('.byte.marked').allInnerTexts()).join('');
  }

  /** Begins anew with another capture filter. */
  async filter(text: string): Promise<void> {
    await this.frame().getByRole('textbox', { name: 'Capture filter' }).fill(text);
    await this.button('Restart').click();
  }

  button(name: string): Locator {
    return this.frame().getByRole('button', { name });
  }

  private rows(): Locator {
    return this.frame().locator('.list .row');
  }

  private frame(): FrameLocator {
    return webviewFrame(this.page);
  }
}
