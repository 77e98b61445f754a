import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The system's Chromium without a window. Its sandbox is off (it would not start as root); it opens our own server only. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = process.env['KVMLAB_CHROMIUM'] ?? installed.find(file => existsSync(file));
  if (!executablePath) throw new Error('No Chromium found. Install the package chromium or set KVMLAB_CHROMIUM.');
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];
  const args = [...quiet, '--disable-gpu', '--disable-quic', '--disable-dev-shm-usage', '--force-color-profile=srgb'];
  return chromium.launch({ executablePath, headless: true, chromiumSandbox: false, args });
}
