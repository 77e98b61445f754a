import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { type Browser, type Locator, type Page } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { DisplayTab } from './display-tab.ts';
import { MergeEditor } from './merge-editor.ts';
import { PacketsTab } from './packets-tab.ts';
import { PickList } from './pick-list.ts';
import { PictureTab } from './picture-tab.ts';
import { ProblemsPanel } from './problems-panel.ts';
import { type VsCodeServer } from './server.ts';
import { TerminalPanel } from './terminal-panel.ts';
import { TestExplorer } from './test-explorer.ts';
import { TextEditor } from './text-editor.ts';
import { TreeView } from './tree-view.ts';
import { happens, patienceMs, until } from './until.ts';
import { VlanMatrixTab } from './vlan-matrix.ts';
import { WireTab } from './wire-tab.ts';

const screenshots = path.resolve(import.meta.dirname, '../../../out/e2e');

/** A window of VS Code, driven as a person would: keys, clicks, and what can be read on the screen. */
export class Workbench {
  readonly page: Page;
  readonly problems: ProblemsPanel;
  readonly terminal: TerminalPanel;
  readonly tests: TestExplorer;
  readonly display: DisplayTab;
  readonly merge: MergeEditor;
  readonly packets: PacketsTab;
  readonly picks: PickList;
  readonly picture: PictureTab;
  readonly vlans: VlanMatrixTab;
  readonly wire: WireTab;
  private readonly browser: Browser;
  private readonly server: VsCodeServer;

  private constructor(server: VsCodeServer, browser: Browser, page: Page) {
    this.server = server;
    this.browser = browser;
    this.page = page;
    this.problems = new ProblemsPanel(this);
    this.terminal = new TerminalPanel(page);
    this.tests = new TestExplorer(page);
    this.display = new DisplayTab(page);
    this.merge = new MergeEditor(page);
    this.packets = new PacketsTab(page);
    this.picks = new PickList(page);
    this.picture = new PictureTab(page);
    this.vlans = new VlanMatrixTab(page);
    this.wire = new WireTab(page);
  }

  /** Opens a window on the folder, with a file of it in the editor where one is named. */
  static async open(server: VsCodeServer, folder: string, file?: string): Promise<Workbench> {
    const browser = await launchBrowser();
    const permissions = ['clipboard-read', 'clipboard-write'];
    const context = await browser.newContext({ viewport: { width: 1400, height: 900 }, permissions });
    context.setDefaultTimeout(patienceMs);
    const workbench = new Workbench(server, browser, await context.newPage());
    await workbench.show(folder, file).catch(async (error: unknown) => {
      await workbench.screenshot('failed-to-open');
      await workbench.close();
      throw error;
    });
    return workbench;
  }

  /** Shows another folder, or the same one again, in this window. */
  async show(folder: string, file?: string): Promise<void> {
    await this.page.goto(this.server.address(folder, file && path.resolve(folder, file)));
    await this.page.locator('.monaco-workbench .part.sidebar').waitFor();
    if (file) await this.page.locator('.editor-instance .view-lines').first().waitFor();
  }

  /** Loads the window again as a person would: what views keep is written down before. */
  async reload(): Promise<void> {
    const loaded = this.page.waitForEvent('domcontentloaded');
    await this.runCommand('Developer: Reload Window');
    await loaded;
    await this.page.locator('.monaco-workbench .part.sidebar').waitFor();
  }

  async close(): Promise<void> {
    await this.browser.close();
  }

  /** Waits until VS Code has saved a state with this text: in a browser it does so every few seconds only. */
  async waitForSavedState(text: string): Promise<void> {
    await until(`a saved state with ${text}`, () => this.page.evaluate(isInSavedState, text));
  }

  /** Runs a command by its title in the palette, with its category: `KVM Lab: Start`. */
  async runCommand(title: string): Promise<void> {
    // An open palette does not show a command that an extension registers later, so it is opened anew.
    await until(`the command ${title}`, () => this.tryCommand(title));
  }

  /** Picks the row with this label in the open pick list. */
  async pick(label: string | RegExp): Promise<void> {
    await this.quickInputRows().filter({ hasText: label }).first().click();
  }

  /** Takes the rows that are ticked in the open pick list. */
  async acceptPicks(): Promise<void> {
    await this.page.locator('.quick-input-widget.show-checkboxes .monaco-list-row').first().waitFor();
    await this.quickInput().press('Enter');
  }

  /** Answers the open input box. */
  async answer(text: string): Promise<void> {
    const asked = (await this.question())?.words;
    await this.quickInput().fill(text);
    await this.quickInput().press('Enter');
    // The next question comes in the same place: its answer is not to be typed into this one.
    await until(`"${text}" to be taken`, async () => {
      const now = await this.question();
      return now?.words !== asked || now?.answer !== text;
    });
  }

  /** What is asked at this moment, with what is said of the answer; undefined: no question is open. */
  private async question(): Promise<{ readonly words: string; readonly answer: string } | undefined> {
    const [found] = await this.page.locator('.quick-input-widget:visible').evaluateAll(widgets =>
      widgets.map(widget => ({
        words: [...widget.querySelectorAll('.quick-input-title, .quick-input-message')]
          .map(part => part.textContent)
          .join(' '),
        answer: widget.querySelector<HTMLInputElement>('input.input')?.value ?? '',
      })),
    );
    return found;
  }

  /** Changes the colours of the window: `className` is the workbench's own then. */
  async useTheme(theme: string, className: 'vs' | 'vs-dark' | 'hc-black' | 'hc-light'): Promise<void> {
    await this.runCommand('Preferences: Color Theme');
    await this.answer(theme);
    await this.page.locator(`.monaco-workbench.${className}`).waitFor();
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  }

  /** Opens a file of the folder by its name. */
  async quickOpen(file: string): Promise<TextEditor> {
    await until(`${file} to be offered`, () => this.isOffered('Control+P', file, file));
    await this.page
      .locator('.tab.active')
      .filter({ hasText: path.basename(file) })
      .waitFor();
    return this.editor();
  }

  /** The active text editor. */
  editor(): TextEditor {
    return new TextEditor(this.page);
  }

  /** Shows the container in the side bar. */
  async openContainer(name: string): Promise<void> {
    const tab = (state: { readonly selected?: boolean }): Locator =>
      this.page
        .locator('.activitybar')
        .getByRole('tab', { name, ...state })
        .first();
    // Pressed again it would close; and a window that still finds its layout again may show another one over it.
    await until(`the container ${name}`, async () => {
      if ((await tab({ selected: true }).count()) > 0) return true;
      await tab({}).click();
      return happens(tab({ selected: true }).waitFor({ timeout: 10_000 }));
    });
  }

  /** A tree in the side bar, by its title. */
  tree(title: string): TreeView {
    return new TreeView(this.page, title);
  }

  /** The texts of the notifications on the screen, the newest first. */
  notifications(): Promise<readonly string[]> {
    return this.toasts().allInnerTexts();
  }

  /** Waits for a notification and gives its text. */
  async notification(text: string | RegExp, timeoutMs = patienceMs): Promise<string> {
    const toast = this.toasts().filter({ hasText: text }).first();
    await toast.waitFor({ timeout: timeoutMs });
    return toast.innerText();
  }

  /** Presses a button of a notification or of a dialog. */
  async press(button: string | RegExp): Promise<void> {
    const places = this.page.locator('.notifications-toasts, .monaco-dialog-box');
    await places.getByRole('button', { name: button }).first().click();
  }

  /** The text of the open modal dialog. */
  async dialog(timeoutMs = patienceMs): Promise<string> {
    const box = this.page.locator('.monaco-dialog-box').first();
    await box.waitFor({ timeout: timeoutMs });
    return box.innerText();
  }

  async statusBar(): Promise<string> {
    return this.page.locator('.part.statusbar').innerText();
  }

  /** Waits for a text in the status bar, such as `Restricted Mode`. */
  async statusBarItem(text: string | RegExp): Promise<void> {
    await this.page.locator('.part.statusbar .statusbar-item').filter({ hasText: text }).first().waitFor();
  }

  /** Keeps a picture as out/e2e/NAME.png. */
  async screenshot(name: string): Promise<string> {
    await mkdir(screenshots, { recursive: true });
    const file = path.join(screenshots, `${name.replaceAll(/[^\w.-]+/g, '-')}.png`);
    await this.page.screenshot({ path: file });
    return file;
  }

  private async tryCommand(title: string): Promise<boolean> {
    return this.isOffered('F1', `>${title}`, this.page.getByText(title, { exact: true }));
  }

  /** Types into the list that the key opens and takes the row; false if it is not there, or if the list closes again. */
  private async isOffered(key: string, text: string, wanted: string | Locator): Promise<boolean> {
    await this.page.keyboard.press(key);
    const row = this.quickInputRows().filter(typeof wanted === 'string' ? { hasText: wanted } : { has: wanted });
    // An editor that opens meanwhile takes the focus, and the list closes.
    const isTaken =
      (await happens(this.quickInput().fill(text, { timeout: 5000 }))) &&
      (await happens(row.first().click({ timeout: 5000 })));
    if (!isTaken) await this.page.keyboard.press('Escape');
    return isTaken;
  }

  private quickInput(): Locator {
    return this.page.locator('.quick-input-widget:visible input.input');
  }

  private quickInputRows(): Locator {
    return this.page.locator('.quick-input-widget:visible .quick-input-list .monaco-list-row');
  }

  private toasts(): Locator {
    return this.page.locator('.notifications-toasts .notification-list-item');
  }
}

/** Runs in the page, so it is on its own. */
async function isInSavedState(text: string): Promise<boolean> {
  const answer = <T>(request: IDBRequest<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error('no answer'));
    });
  for (const { name } of await indexedDB.databases()) {
    if (!name?.startsWith('vscode-web-state-db')) continue;
    const database = await answer(indexedDB.open(name));
    const [store] = [...database.objectStoreNames];
    const values: unknown = store && (await answer(database.transaction(store).objectStore(store).getAll()));
    database.close();
    if (JSON.stringify(values).replaceAll('\\', '').includes(text)) return true;
  }
  return false;
}
