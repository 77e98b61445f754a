import { type Locator, type Page } from 'playwright-core';
import { happens, patienceMs, until } from './until.ts';

/** The active text editor: what a person types into it and sees in it. */
export class TextEditor {
  private readonly page: Page;
  private readonly pane: Locator;

  constructor(page: Page) {
    this.page = page;
    this.pane = page.locator('.editor-group-container.active .editor-instance').first();
  }

  /** Puts the focus into the text of the first group; a click would move the cursor. */
  async focus(): Promise<void> {
    const focused = this.pane.locator('.monaco-editor.focused').first();
    // While a webview gets the focus back, as behind a menu that closes, a key that is pressed reaches nobody.
    await until('the focus to be in the editor', async () => {
      await this.page.keyboard.press('Control+1');
      return happens(focused.waitFor({ timeout: 2000 }));
    });
  }

  async type(text: string): Promise<void> {
    await this.page.keyboard.insertText(text);
  }

  /** Puts the cursor at a place; lines and columns start at 1. */
  async goTo(line: number, column = 1): Promise<void> {
    await this.focus();
    await this.page.keyboard.press('Control+G');
    const input = this.page.locator('.quick-input-widget:visible input.input');
    await input.fill(`:${line}:${column}`);
    await input.press('Enter');
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  }

  /** Selects the first place of the text, as the find widget finds it. */
  async select(text: string): Promise<void> {
    await this.goTo(1);
    await this.page.keyboard.press('Control+F');
    const find = this.pane.locator('.find-widget.visible textarea, .find-widget.visible .input').first();
    await find.fill(text);
    // The number may still be that of a search before.
    await until(`${text} to be found`, async () => {
      const isTyped = (await find.inputValue()) === text;
      return isTyped && (await this.pane.locator('.find-widget .matchesCount').innerText()).startsWith('1 of');
    });
    // Something else that has just come up may take the key for itself, as a notification does.
    await until('the find widget to go', async () => {
      if ((await this.pane.locator('.find-widget.visible').count()) === 0) return true;
      await find.press('Escape', { timeout: 1000 }).catch(() => undefined);
      return false;
    });
    await this.pane.locator('.monaco-editor.focused').first().waitFor();
  }

  /** Types the one text over the first place of the other. */
  async replace(text: string, replacement: string): Promise<void> {
    await this.select(text);
    await this.type(replacement);
  }

  /** Takes back everything since the file was saved; how many steps that is, VS Code decides. */
  async undoAll(): Promise<void> {
    await this.focus();
    const takeBack = async () => {
      if ((await this.page.locator('.tab.active.dirty').count()) === 0) return true;
      await this.page.keyboard.press('Control+Z');
      return false;
    };
    await until('nothing to be unsaved', takeBack);
  }

  async save(): Promise<void> {
    await this.focus();
    await this.page.keyboard.press('Control+S');
    // Beside it another group may have an active tab of its own.
    await this.page.locator('.editor-group-container.active .tab.active:not(.dirty)').waitFor();
  }

  /** The lines on the screen. */
  async text(): Promise<string> {
    return (await this.pane.locator('.view-lines').innerText()).replaceAll('\u00a0', ' ');
  }

  /** Waits for a text on the screen and gives all that is there: what was typed is drawn a moment later. */
  async waitForText(text: string, timeoutMs = patienceMs): Promise<string> {
    let seen = '';
    const isShown = async () => {
      seen = await this.text();
      return seen.includes(text) && seen;
    };
    return until(`${text} in the editor`, isShown, { timeoutMs }).catch((error: unknown) => {
      throw new Error(`${String(error)}; it shows:\n${seen}`, { cause: error });
    });
  }

  /** The line of the cursor, counted from 1; it is marked although the focus may be elsewhere. */
  async line(): Promise<number> {
    return Number(await this.page.locator('.editor-instance .line-numbers.active-line-number').first().innerText());
  }

  /** How many places are underlined as errors, or as warnings. */
  async squiggles(severity: 'error' | 'warning' = 'error'): Promise<number> {
    return this.pane.locator(`.squiggly-${severity}`).count();
  }

  async waitForSquiggles(
    count: number,
    severity: 'error' | 'warning' = 'error',
    timeoutMs = patienceMs,
  ): Promise<void> {
    const what = `${count} ${severity} underlines`;
    await until(what, async () => (await this.squiggles(severity)) === count, { timeoutMs });
  }

  /** What hovering over the first place of the text shows. */
  async hover(text: string): Promise<string> {
    await this.select(text);
    await this.page.keyboard.press('Control+K');
    await this.page.keyboard.press('Control+I');
    const hover = this.page.locator('.monaco-hover:visible .monaco-hover-content').filter({ hasNotText: 'Loading...' });
    await hover.first().waitFor();
    return hover.first().innerText();
  }

  /** Chooses what VS Code offers to do about the first place of the text. */
  async quickFix(text: string, title: string): Promise<void> {
    await this.select(text);
    const entry = this.page.locator('.action-widget .monaco-list-row', { hasText: title }).first();
    // A list that opens while its problems are being renewed closes again.
    await until(`the quick fix ${title}`, async () => {
      await this.page.keyboard.press('Control+.');
      return happens(entry.click({ timeout: 3000 }));
    });
  }

  /** Types, letter by letter, and takes the first completion of this label; nothing typed: it is offered by itself. */
  async complete(typed: string, label: string): Promise<void> {
    await this.page.keyboard.type(typed, { delay: 30 });
    const list = this.page.locator('.suggest-widget.visible');
    const name = this.page.locator('.label-name').getByText(label, { exact: true });
    const row = list.locator('.monaco-list-row', { has: name }).first();
    const isOffered = async (): Promise<boolean> => {
      if ((await list.count()) === 0) await this.page.keyboard.press('Control+Space');
      return row.isVisible();
    };
    await until(`the completion ${label}`, isOffered);
    await this.drawn();
    const before = await this.text();
    await until(`the completion ${label} to be taken`, async () => {
      // On a busy machine a click may have been done although it was given up.
      if ((await this.text()) !== before) return true;
      // The list may be replaced by that of the next letter.
      return (await isOffered()) && happens(row.click({ timeout: 3000 }));
    });
  }

  /** What was typed is on the screen: it is drawn with the next frame at the latest. */
  private async drawn(): Promise<void> {
    await this.page.evaluate(
      () => new Promise<void>(resolve => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))),
    );
  }

  /** A new line at this column, counted from 1. */
  async newLine(column = 1): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.page.keyboard.press('End');
    await this.page.keyboard.press('Enter');
    await this.page.keyboard.press('Shift+Home');
    await this.page.keyboard.press('Delete');
    if (column > 1) await this.page.keyboard.insertText(' '.repeat(column - 1));
  }

  /** The labels that completion offers at the cursor. */
  async suggestions(): Promise<readonly string[]> {
    await this.page.keyboard.press('Control+Space');
    const rows = this.page.locator('.suggest-widget.visible .monaco-list-row .label-name');
    await rows.first().waitFor();
    return rows.allInnerTexts();
  }
}
