import * as vscode from 'vscode';
import { UserError } from '../../base/user-error.ts';
import { sysRqKeys } from '../../console/sysrq.ts';
import { targetName, targetTitle } from '../../runtime/console/terminal-target.ts';
import { activeOrPick } from './console-commands.ts';
import type { OpenConsole } from './console-terminals.ts';
import type { Services } from '../services.ts';

/** A break on the serial line. */
export async function sendBreak(services: Services): Promise<void> {
  const one = await serialOrPick(services, 'Send a break on which console?');
  if (one && !one.feed.sendBreak()) throw notConnected(one);
}

/** Asks for the key, and says what each does: some of them end the guest at once. */
export async function sendSysRq(services: Services): Promise<void> {
  const one = await serialOrPick(services, 'Send SysRq on which console?');
  if (!one) return;
  const items = sysRqKeys.map(([key, meaning]) => ({ label: key, description: meaning }));
  const title = `Magic SysRq for ${targetName(one.target)}: a break, then the key`;
  const chosen = await vscode.window.showQuickPick(items, { title, matchOnDescription: true });
  if (chosen && !one.feed.sendSysRq(chosen.label)) throw notConnected(one);
}

/**
 * A serial line has no size, so the guest believes in 80 columns. Typed as a command, because that is the only way in:
 * only the user knows whether a shell listens.
 */
export async function sendTerminalSize(services: Services): Promise<void> {
  const one = await serialOrPick(services, 'Tell which guest the size of its terminal?');
  const size = one && services.consoles.sizeOf(one, vscode.window.activeTerminal);
  if (size) one.feed.type(`stty rows ${size.rows} cols ${size.columns}\r`);
}

async function serialOrPick(services: Services, title: string): Promise<OpenConsole | undefined> {
  const one = await activeOrPick(services, title);
  if (one && one.target.kind !== 'serial')
    throw new UserError(`${targetTitle(one.target)} is no serial console. Choose the terminal of one first.`);
  if (one && one.feed.state.kind !== 'connected') throw notConnected(one);
  return one;
}

const notConnected = ({ target }: OpenConsole): UserError =>
  new UserError(`Nothing was sent: ${targetTitle(target)} is not connected. Its terminal says why.`);
