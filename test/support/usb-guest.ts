import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildGuest } from '../../extension/host/guest-builder.ts';

/** A folder with the tiny guest that knows USB, made on the first call and kept for later runs. */
export async function usbGuestDir(): Promise<string> {
  const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
  const dir = path.resolve(process.env['KVMLAB_TEST_USB_GUEST'] ?? path.join(root, 'out/usb-guest'));
  await buildGuest(dir, { log: () => undefined, usb: true });
  return dir;
}
