import { type FrameLocator, type Locator, type Page } from 'playwright-core';
import { type Picture } from '../qmp-screen.ts';
import { patienceMs, until } from './until.ts';
import { webviewFrame } from './webview-frame.ts';

/** The tab with a VM's screen. */
export class DisplayTab {
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** What the canvas shows; undefined while there is none. */
  async picture(): Promise<Picture | undefined> {
    if ((await this.canvas().count()) === 0) return undefined;
    const read = (canvas: SVGElement | HTMLElement) => {
      const { width, height } = canvas as HTMLCanvasElement;
      if (width === 0 || height === 0) return undefined;
      const { data } = (canvas as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, width, height);
      let rgb = '';
      for (let at = 0; at < data.length; at += 4) rgb += String.fromCharCode(data[at]!, data[at + 1]!, data[at + 2]!);
      return { width, height, rgb: btoa(rgb) };
    };
    const found = await this.canvas().evaluate(read);
    return found && { ...found, rgb: Buffer.from(found.rgb, 'base64') };
  }

  /** Takes the keyboard, as by a click into the screen. */
  async click(): Promise<void> {
    await this.canvas().click();
  }

  /** As fingers do it, with Shift held for what needs it: a VM gets keys, not characters. */
  async type(text: string): Promise<void> {
    for (const char of text)
      await this.page.keyboard.press(/[A-Z!@#$%^&*()_+{}|:"<>?~]/.test(char) ? `Shift+${char}` : char);
  }

  button(name: string | RegExp): Locator {
    return this.frame().getByRole('button', { name, exact: true });
  }

  /** Any button that can be pressed now. */
  enabled(): Locator {
    return this.frame().locator('button:enabled');
  }

  async press(name: string): Promise<void> {
    await this.button(name).click();
  }

  /** What screen readers get of the tab, as YAML: roles, names and states; one line for each thing. */
  async accessible(): Promise<readonly string[]> {
    const tree = await this.frame().locator('body').ariaSnapshot();
    return tree.split('\n').map(line => line.trim().slice('- '.length));
  }

  /** Opens a menu of the toolbar and chooses from it. */
  async choose(menu: string, item: string | RegExp): Promise<void> {
    await this.press(menu);
    await this.frame().getByRole('menuitem', { name: item }).click();
  }

  /** What the toolbar says beside its buttons, or the screen's place when there is no screen. */
  async waitForWords(words: string | RegExp, timeoutMs = patienceMs): Promise<void> {
    await this.frame().getByRole('status').filter({ hasText: words }).waitFor({ timeout: timeoutMs });
  }

  /** The name of what has the focus inside the tab. */
  async focused(): Promise<string> {
    const name = (body: HTMLElement | SVGElement) => {
      const active = body.ownerDocument.activeElement;
      return active?.ariaLabel ?? active?.textContent ?? '';
    };
    return this.frame().locator('body').evaluate(name);
  }

  /** Whether the screen has its own size (1), or is drawn larger or smaller. */
  async scale(): Promise<number> {
    const width = await this.canvas().evaluate(canvas => canvas.getBoundingClientRect().width);
    const own = await this.canvas().evaluate(canvas => (canvas as HTMLCanvasElement).width);
    return width / own;
  }

  async waitForGone(): Promise<void> {
    await until('the screen to be gone', async () => (await this.canvas().count()) === 0);
  }

  private canvas(): Locator {
    return this.frame().locator('.screen canvas');
  }

  private frame(): FrameLocator {
    return webviewFrame(this.page);
  }
}
