import { type FrameLocator, type Page } from 'playwright-core';

/** What the webview in front shows. For a moment the one that leaves is there too; the newer one is meant then. */
export const webviewFrame = (page: Page): FrameLocator =>
  page.locator('iframe.webview.ready').last().contentFrame().frameLocator('iframe#active-frame');
