import { type FrameLocator, type Locator, type Page } from 'playwright-core';
import type { Point, Size } from '../../../extension/diagram/picture.ts';
import { fitted, type Viewport } from '../../../webview/topology/viewport.ts';
import { chooseFromMenu } from './context-menu.ts';
import { happens, patienceMs, until } from './until.ts';
import { webviewFrame } from './webview-frame.ts';

/** The tab with the picture of a file. What can be read in it is what screen readers read. */
export class PictureTab {
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** What is said of each thing, in the order of the outline. */
  async things(): Promise<readonly string[]> {
    return this.frame()
      .locator('[role=treeitem]')
      .evaluateAll(rows => rows.map(row => row.ariaLabel ?? ''));
  }

  /** Waits until one thing is said to be so. */
  async waitForThing(words: string | RegExp, timeoutMs = patienceMs): Promise<void> {
    await this.rows(words).first().waitFor({ state: 'attached', timeout: timeoutMs });
  }

  async waitForNoThing(words: string | RegExp): Promise<void> {
    await until(`no ${String(words)}`, async () => (await this.rows(words).count()) === 0);
  }

  /** The texts that are painted; empty where the painting is a canvas. */
  async texts(): Promise<readonly string[]> {
    return this.frame().locator('svg.painting text').allTextContents();
  }

  async waitForText(text: string, timeoutMs = patienceMs): Promise<void> {
    await this.frame().locator('svg.painting text').filter({ hasText: text }).first().waitFor({ timeout: timeoutMs });
  }

  /** Clicks on a painted text. */
  async click(text: string, options: { readonly button?: 'left' | 'right' } = {}): Promise<void> {
    const { x, y } = await middleOf(this.name(text));
    await this.page.mouse.click(x, y, options);
  }

  /** Drags one thing to another, and to a place beside it, in pixels of the screen; `shown` looks before it is let go. */
  async drag(from: Locator, to: Locator, shown?: () => Promise<unknown>, beside = { x: 0, y: 0 }): Promise<void> {
    const [start, end] = [await middleOf(from), await middleOf(to)];
    await this.dragPlaces(start, { x: end.x + beside.x, y: end.y + beside.y }, shown);
  }

  /** The same from one place of the screen to another, for what is painted on a canvas. */
  async dragPlaces(start: Point, end: Point, shown?: () => Promise<unknown>): Promise<void> {
    await this.page.mouse.move(start.x, start.y);
    await this.page.mouse.down();
    await this.page.mouse.move((start.x + end.x) / 2, (start.y + end.y) / 2, { steps: 4 });
    await this.page.mouse.move(end.x, end.y, { steps: 4 });
    await shown?.();
    await this.page.mouse.up();
  }

  /** A painted name. */
  name(text: string): Locator {
    return this.frame().locator('svg.painting text').getByText(text, { exact: true }).first();
  }

  /** The line of the NIC that has this address. */
  line(address: string): Locator {
    return this.frame().locator('svg.painting g.k-link').filter({ hasText: address }).locator('path').first();
  }

  /** What letting go of what is dragged would do, in words. */
  async promise(): Promise<string> {
    return this.frame().locator('.ghost-words').innerText();
  }

  /** What is selected, in words. */
  async selected(): Promise<readonly string[]> {
    return this.frame()
      .locator('[role=treeitem][aria-selected=true]')
      .evaluateAll(rows => rows.map(row => row.ariaLabel ?? ''));
  }

  async waitForSelected(words: RegExp): Promise<void> {
    await until(`${String(words)} to be selected`, async () => (await this.selected()).some(one => words.test(one)));
  }

  /** Selects a thing as with the keyboard. */
  async select(words: RegExp): Promise<void> {
    await this.rows(words).first().focus();
    await this.page.keyboard.press('Control+Space');
    await this.waitForSelected(words);
  }

  /** Chooses from the menu of a thing, as with the keyboard. */
  async chooseFromMenu(words: RegExp, item: string): Promise<void> {
    await chooseFromMenu(this.page, item, async () => {
      await this.rows(words).first().focus();
      await this.page.keyboard.press('Shift+F10');
      return happens(this.page.locator('.monaco-menu').waitFor({ timeout: 5000 }));
    });
  }

  /** Where the picture is on the screen: what a place of it is multiplied by, and its left top corner, while all is shown. */
  async placing(picture: Size): Promise<Viewport> {
    const box = await this.frame().locator('.stage').boundingBox();
    if (!box) throw new Error('There is no picture on the screen');
    const { scale, x, y } = fitted(picture, box);
    return { scale, x: x + box.x, y: y + box.y };
  }

  /** What has the focus, in words. */
  async focused(): Promise<string> {
    const name = (body: HTMLElement | SVGElement) => body.ownerDocument.activeElement?.ariaLabel ?? '';
    return this.frame().locator('body').evaluate(name);
  }

  /** Puts the focus on the picture. */
  async focus(): Promise<void> {
    await this.frame().locator('[role=tree]').focus();
  }

  button(name: string): Locator {
    return this.frame().getByRole('button', { name, exact: true });
  }

  async press(name: string): Promise<void> {
    await this.button(name).click();
  }

  async chooseVlan(vlan: string): Promise<void> {
    await this.frame().getByLabel('VLAN').selectOption(vlan);
  }

  async find(query: string): Promise<void> {
    await this.press('Find');
    await this.frame().getByLabel('Find in the picture').fill(query);
  }

  /** What is said below the picture. */
  async details(): Promise<string> {
    return this.frame().locator('.details').innerText();
  }

  async scale(): Promise<string> {
    return this.frame().locator('.scale').innerText();
  }

  /** The names that are not dimmed. */
  async litNames(): Promise<readonly string[]> {
    return this.frame()
      .locator('svg.painting g:not(.dim) > .t-name, svg.painting g:not(.dim) > .t-network')
      .allTextContents();
  }

  /** The colours that names and their background have, as the theme gives them. */
  async contrast(): Promise<{ readonly paper: string; readonly ink: string }> {
    return this.frame()
      .locator('svg.painting .t-name')
      .first()
      .evaluate(name => ({ paper: getComputedStyle(document.body).backgroundColor, ink: getComputedStyle(name).fill }));
  }

  frame(): FrameLocator {
    return webviewFrame(this.page);
  }

  private rows(words: string | RegExp): Locator {
    return this.frame().getByRole('treeitem', { name: words, includeHidden: true });
  }
}

/** Where a thing is as soon as it stays there: what is painted anew for an edit is for a moment not there, or elsewhere. */
async function middleOf(target: Locator): Promise<{ readonly x: number; readonly y: number }> {
  const middle = async () => {
    const box = await target.boundingBox();
    return box && { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  };
  let seen = await middle();
  await until(`${String(target)} to stay on the screen`, async () => {
    const before = seen;
    seen = await middle();
    return before !== null && seen?.x === before.x && seen.y === before.y;
  });
  if (!seen) throw new Error(`${String(target)} is not on the screen`);
  return seen;
}
