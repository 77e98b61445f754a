import { type FrameLocator, type Locator, type Page } from 'playwright-core';
import { patienceMs, until } from './until.ts';
import { webviewFrame } from './webview-frame.ts';

/** The tab with the VLAN matrix of a switch: ports × VLANs. */
export class VlanMatrixTab {
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** The cell of a port in a VLAN (0: none), as a screen reader finds it. */
  cell(port: number, vlan: number): Locator {
    const column = vlan === 0 ? 'no VLAN' : `VLAN ${vlan}`;
    return this.frame().getByRole('gridcell', { name: new RegExp(`^port ${port}, .*, ${column}: `) });
  }

  /** What is said of a cell, waited for. */
  async waitForCell(port: number, vlan: number, words: string | RegExp, timeoutMs = patienceMs): Promise<void> {
    let seen = 'no such cell';
    const isSaid = async () => {
      seen =
        (await this.cell(port, vlan)
          .getAttribute('aria-label', { timeout: 1000 })
          .catch(() => null)) ?? seen;
      const said = seen.slice(seen.indexOf(': ') + 2);
      return typeof words === 'string' ? said === words : words.test(said);
    };
    await until(`port ${port}, VLAN ${vlan} to be ${String(words)}`, isSaid, { timeoutMs }).catch((error: unknown) => {
      throw new Error(`${String(error)}; it is: ${seen}`, { cause: error });
    });
  }

  async click(port: number, vlan: number): Promise<void> {
    await this.cell(port, vlan).click();
  }

  /** Keys for the cell that has the focus. */
  async type(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** What is said of the cell with the focus. */
  async focused(): Promise<string> {
    const name = (body: HTMLElement | SVGElement) => body.ownerDocument.activeElement?.ariaLabel ?? '';
    return this.frame().locator('body').evaluate(name);
  }

  /** What is said of the cells that are chosen, without who is plugged in. */
  async selected(): Promise<readonly string[]> {
    const cells = this.frame().locator('[role=gridcell][aria-selected=true]');
    const labels = await cells.evaluateAll(all => all.map(cell => cell.ariaLabel ?? ''));
    return labels.map(label => label.replace(/^(port \d+), .*, (no VLAN|VLAN \d+): /, '$1, $2: '));
  }

  async addVlan(vlan: number): Promise<void> {
    await this.frame().getByRole('textbox').fill(String(vlan));
    await this.frame().getByRole('textbox').press('Enter');
  }

  button(name: string): Locator {
    return this.frame().getByRole('button', { name, exact: true });
  }

  async press(name: string): Promise<void> {
    await this.button(name).click();
  }

  async waitForWords(words: string | RegExp, timeoutMs = patienceMs): Promise<void> {
    await this.frame().locator('body').getByText(words).first().waitFor({ timeout: timeoutMs });
  }

  /** The numbers of the ports, and of the columns. */
  async heads(): Promise<{ readonly ports: readonly string[]; readonly vlans: readonly string[] }> {
    const texts = (selector: string) => this.frame().locator(selector).allInnerTexts();
    return { ports: await texts('tbody th.port'), vlans: await texts('thead th.vlan') };
  }

  private frame(): FrameLocator {
    return webviewFrame(this.page);
  }
}
