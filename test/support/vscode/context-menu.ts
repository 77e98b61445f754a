import { type Page } from 'playwright-core';
import { happens, until } from './until.ts';

/**
 * Chooses from a context menu by its key: VS Code's menus take no click in their first moments, so that a long right click
 * chooses nothing. `open` opens it, and says whether it is there.
 */
export async function chooseFromMenu(page: Page, item: string, open: () => Promise<boolean>): Promise<void> {
  const entry = page.getByRole('menuitem', { name: item, exact: true });
  const place = page.locator('.monaco-menu .action-item').filter({ has: entry });
  const focused = page.locator('.monaco-menu .action-item.focused').filter({ has: entry });
  // A menu closes when the focus goes elsewhere, as to an editor that opens meanwhile.
  await until(`${item} in the menu`, async () => {
    if (!(await open())) return false;
    const isReady =
      (await happens(place.hover({ timeout: 5000 }))) && (await happens(focused.waitFor({ timeout: 5000 })));
    if (!isReady) await page.keyboard.press('Escape');
    return isReady;
  });
  await page.keyboard.press('Enter');
  await place.waitFor({ state: 'detached' });
}
