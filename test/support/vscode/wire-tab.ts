import { type FrameLocator, type Locator, type Page } from 'playwright-core';
import { patienceMs } from './until.ts';
import { webviewFrame } from './webview-frame.ts';

/** The tab with what is wrong with a wire: a slider and a field for each fault and direction. */
export class WireTab {
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** By what a screen reader says of it: `Delay, both directions`. */
  slider(label: string): Locator {
    return this.frame().getByRole('slider', { name: label, exact: true });
  }

  field(label: string): Locator {
    return this.frame().getByRole('textbox', { name: label, exact: true });
  }

  button(name: string): Locator {
    return this.frame().getByRole('button', { name, exact: true });
  }

  async press(name: string): Promise<void> {
    await this.button(name).click();
  }

  /** Drags the thumb of a slider from where it is to a part of the way, from 0 to 1. */
  async drag(label: string, part: number): Promise<void> {
    const slider = this.slider(label);
    const box = await slider.boundingBox();
    if (!box) throw new Error(`The slider ${label} is not on the screen.`);
    const now = Number(await slider.inputValue()) / 100;
    // The thumb stays within the ends of its track.
    const at = (share: number): number => box.x + 8 + share * (box.width - 16);
    await this.page.mouse.move(at(now), box.y + box.height / 2);
    await this.page.mouse.down();
    await this.page.mouse.move(at(part), box.y + box.height / 2, { steps: 8 });
    await this.page.mouse.up();
  }

  async choosePreset(name: string): Promise<void> {
    await this.frame().getByRole('combobox', { name: 'Preset' }).selectOption(name);
    await this.press('Use Preset');
  }

  async setLinked(isLinked: boolean): Promise<void> {
    await this.frame().getByRole('checkbox', { name: 'Same in both directions' }).setChecked(isLinked);
  }

  async waitForWords(words: string | RegExp, timeoutMs = patienceMs): Promise<void> {
    const body = this.frame().locator('body');
    await body
      .getByText(words)
      .first()
      .waitFor({ timeout: timeoutMs })
      .catch(async (error: unknown) => {
        throw new Error(`${String(error)}; the panel says: ${await body.innerText()}`, { cause: error });
      });
  }

  private frame(): FrameLocator {
    return webviewFrame(this.page);
  }
}
