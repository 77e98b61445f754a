import { type Locator, type Page } from 'playwright-core';
import { chooseFromMenu } from './context-menu.ts';
import { happens, patienceMs, until } from './until.ts';

/** Within which a command asks what it is for. */
const askedWithinMs = 1000;

export interface TreeRow {
  /** 1 for the outermost. */
  readonly level: number;
  readonly label: string;
  /** What stands after the label: the state in words. */
  readonly description: string;
}

/** A native tree of the side bar. Only rows on the screen can be read, so the window must be tall enough. */
export class TreeView {
  private readonly pane: Locator;
  private readonly header: Locator;
  private readonly page: Page;

  constructor(page: Page, title: string) {
    this.page = page;
    const titled = page.locator('.pane-header').filter({ has: page.locator('h3.title', { hasText: exactly(title) }) });
    this.pane = page.locator('.part.sidebar .pane').filter({ has: titled });
    this.header = this.pane.locator('.pane-header');
  }

  async rows(): Promise<readonly TreeRow[]> {
    return this.pane.locator('.monaco-list-row').evaluateAll(readRows);
  }

  /** The text that an empty view shows instead of rows. */
  async welcome(): Promise<string> {
    return this.pane.locator('.welcome-view-content').innerText();
  }

  /** Has the view show its rows, or no more than its title: views share the height of the side bar. */
  async unfold(isOpen = true): Promise<void> {
    const isSo = async () => (await this.header.getAttribute('aria-expanded')) === String(isOpen);
    if (!(await isSo())) await this.header.click();
    await until('the view to fold', isSo);
  }

  /** Opens the row when it is closed. */
  async expand(label: string | RegExp): Promise<void> {
    const row = this.row(label);
    await row.waitFor();
    if ((await row.getAttribute('aria-expanded')) !== 'false') return;
    await row.locator('.monaco-tl-twistie').click();
    await until(`${String(label)} to open`, async () => (await row.getAttribute('aria-expanded')) === 'true');
  }

  async select(label: string | RegExp): Promise<void> {
    await this.row(label).locator('.label-name').first().click();
  }

  /** What stands after the label of the row: its state in words. */
  async state(label: string | RegExp): Promise<string> {
    await this.row(label).waitFor();
    return (await this.stateNow(label)) ?? '';
  }

  /** The letters that VS Code puts at the end of a row to mark it; empty: none. */
  async mark(label: string | RegExp): Promise<string> {
    const content = await this.row(label)
      .locator('.monaco-icon-label')
      .first()
      .evaluate(element => getComputedStyle(element, '::after').content);
    return content === 'none' ? '' : content.replaceAll('"', '');
  }

  /** Waits until the row says so. */
  async waitForState(label: string | RegExp, state: string | RegExp, timeoutMs = patienceMs): Promise<string> {
    let seen = 'no such row';
    const matches = async () => {
      seen = (await this.stateNow(label)) ?? 'no such row';
      return (typeof state === 'string' ? seen.includes(state) : state.test(seen)) && seen;
    };
    return until(`${String(label)} to say ${String(state)}`, matches, { timeoutMs }).catch((error: unknown) => {
      throw new Error(`${String(error)}; it says: ${seen}`, { cause: error });
    });
  }

  /** The titles of the buttons in the row. */
  async buttons(label: string | RegExp): Promise<readonly string[]> {
    await this.row(label).hover();
    const buttons = this.row(label).locator('.actions .action-label');
    await buttons.first().waitFor();
    return buttons.evaluateAll(all => all.map(one => one.ariaLabel ?? ''));
  }

  /** Presses a button of the row; its title may go on with a key: `Start (F5)`. */
  async press(label: string | RegExp, button: string): Promise<void> {
    await this.untilRowIsKnown(async () => {
      await this.row(label).hover();
      await this.row(label).locator(`.actions .action-label[aria-label^="${button}"]`).first().click();
    });
  }

  /** Presses a button in the head of the view. */
  async pressTitle(button: string): Promise<void> {
    await this.header.hover();
    await this.header.locator(`.action-label[aria-label^="${button}"]`).first().click();
  }

  async contextMenu(label: string | RegExp): Promise<readonly string[]> {
    await until(`the menu of ${String(label)}`, () => this.openContextMenu(label));
    const items = await this.page.locator('.monaco-menu .action-item .action-label').allInnerTexts();
    await this.page.keyboard.press('Escape');
    await this.page.locator('.monaco-menu').waitFor({ state: 'detached' });
    return items.map(item => item.trim()).filter(item => item !== '');
  }

  /** `question`: what the command asks for by itself. */
  async chooseFromMenu(label: string | RegExp, item: string, question?: string): Promise<void> {
    await this.untilRowIsKnown(() => chooseFromMenu(this.page, item, () => this.openContextMenu(label)), question);
  }

  /** The row with this label, or whose label matches; the first of several. */
  row(label: string | RegExp): Locator {
    const name = this.page.locator('.label-name', { hasText: typeof label === 'string' ? exactly(label) : label });
    return this.pane.locator('.monaco-list-row').filter({ has: name }).first();
  }

  /**
   * VS Code forgets what rows stand for while it draws the row above them anew (`ExtHostTreeView._clearChildren`, until the
   * window asks for them again). A command that is called then asks what it is for; it is called off and called again.
   */
  private async untilRowIsKnown(call: () => Promise<void>, expected?: string): Promise<void> {
    const title = '.quick-input-widget:visible .quick-input-title';
    const asked = this.page.locator(title, { hasText: /\b(which|what)\b.*\?$/i });
    const question = expected === undefined ? asked : asked.filter({ hasNotText: expected });
    await until('a command to know its row', async () => {
      await call();
      if (!(await happens(question.waitFor({ timeout: askedWithinMs })))) return true;
      await this.page.keyboard.press('Escape');
      await question.waitFor({ state: 'detached' });
      return false;
    });
  }

  /** False if it closes again. */
  private async openContextMenu(label: string | RegExp): Promise<boolean> {
    await this.row(label).click({ button: 'right' });
    return happens(this.page.locator('.monaco-menu .action-item').first().waitFor({ timeout: 5000 }));
  }

  /** Undefined while there is no such row. */
  private async stateNow(label: string | RegExp): Promise<string | undefined> {
    const [row] = await this.row(label).evaluateAll(readRows);
    return row?.description;
  }
}

const exactly = (text: string): RegExp => new RegExp(`^${text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`);

/** Runs in the page, all at once: rows come and go. */
function readRows(rows: readonly (HTMLElement | SVGElement)[]): TreeRow[] {
  const text = (row: Element, selector: string): string => row.querySelector(selector)?.textContent ?? '';
  return rows.map(row => ({
    level: Number(row.getAttribute('aria-level')),
    label: text(row, '.label-name'),
    description: text(row, '.label-description'),
  }));
}
