import { type Page } from 'playwright-core';
import { patienceMs, until } from './until.ts';

/** The active terminal of the panel, a console of a VM or a shell. */
export class TerminalPanel {
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Puts the focus into the terminal; that it was shown is not enough after something else had the focus. */
  async focus(): Promise<void> {
    await this.page.locator('.terminal-wrapper.active .xterm-screen').first().click();
    await this.page.locator('.terminal-wrapper.active .xterm.focus').first().waitFor();
  }

  async type(text: string): Promise<void> {
    await this.focus();
    await this.page.keyboard.type(text);
  }

  /** Types a line and Enter. */
  async enter(line: string): Promise<void> {
    await this.type(line);
    await this.page.keyboard.press('Enter');
  }

  /** The lines on the screen, without the blanks at their ends. */
  async text(): Promise<string> {
    return (await this.screens()).join('\n');
  }

  /** As above, one by one, where terminals are split. */
  async screens(): Promise<readonly string[]> {
    const terminals = await this.page.locator('.terminal-wrapper.active .xterm-rows').all();
    const rows = await Promise.all(terminals.map(one => one.locator('> div').allInnerTexts()));
    return rows.map(texts =>
      texts
        .map(text => text.replaceAll('\u00a0', ' ').trimEnd())
        .join('\n')
        .trimEnd(),
    );
  }

  /** Shows another terminal, where there are at least two. */
  async choose(name: string): Promise<void> {
    await this.page.locator('.terminal-tabs-entry').filter({ hasText: name }).first().click();
  }

  /** Waits for a text on the screen and gives all that is there. */
  async waitFor(text: string | RegExp, timeoutMs = patienceMs): Promise<string> {
    let seen = '';
    const matches = async () => {
      seen = await this.text();
      return (typeof text === 'string' ? seen.includes(text) : text.test(seen)) && seen;
    };
    return until(`${String(text)} in the terminal`, matches, { timeoutMs }).catch(async (error: unknown) => {
      const others = await this.page.locator('.quick-input-widget:visible, .notifications-toasts').allInnerTexts();
      throw new Error(`${String(error)}; it shows:\n${seen}\nOver it: ${others.join('; ')}`, { cause: error });
    });
  }

  /** The names of the open terminals, where there are at least two. */
  async names(): Promise<readonly string[]> {
    return this.page.locator('.terminal-tabs-entry').allInnerTexts();
  }
}
