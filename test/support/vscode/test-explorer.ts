import { type Locator, type Page } from 'playwright-core';
import { patienceMs, until } from './until.ts';

/** The Test Explorer in the side bar, and what it shows in the editor. */
export class TestExplorer {
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Opens the row when it is closed. */
  async expand(name: string): Promise<void> {
    const row = this.row(name);
    await row.waitFor();
    if ((await row.getAttribute('aria-expanded')) !== 'false') return;
    await row.locator('.monaco-tl-twistie').click();
    await until(`${name} to open`, async () => (await row.getAttribute('aria-expanded')) === 'true');
  }

  /** Waits until this is said of a test: `Passed`, `Failed`. */
  async waitFor(name: string, state: RegExp, timeoutMs = patienceMs): Promise<void> {
    let last = '';
    await until(
      () => `${name} to be ${String(state)}; it is "${last}"`,
      async () => state.test((last = (await this.row(name).getAttribute('aria-label')) ?? '')),
      { timeoutMs },
    );
  }

  /** The icons beside the lines of tests in the editor. */
  icons(): Locator {
    return this.page.locator('.monaco-editor .testing-run-glyph');
  }

  private row(name: string): Locator {
    return this.page
      .locator('.test-explorer .monaco-list-row')
      .filter({ hasText: new RegExp(`^${name}`) })
      .first();
  }
}
