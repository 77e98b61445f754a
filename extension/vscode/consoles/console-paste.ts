import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../../base/disposable.ts';
import type { PasteProgress } from '../../runtime/console/paste-pacer.ts';
import { targetTitle } from '../../runtime/console/terminal-target.ts';
import type { ConsoleTerminals, OpenConsole } from './console-terminals.ts';

/** How far each paste has come, in the status bar; a click calls all of them off, as Ctrl+C does in the terminal. */
export function showPastes(consoles: ConsoleTerminals): Disposable {
  const owned = new DisposableStore();
  const item = owned.add(vscode.window.createStatusBarItem('kvmlab.paste', vscode.StatusBarAlignment.Left, 99));
  item.name = 'KVM Lab: Paste';
  item.command = 'kvmlab.cancelPaste';
  item.tooltip =
    'Large text goes to a serial console in pieces, so that the guest loses nothing. Ctrl+C or a click ends it.';
  const heard = new Map<OpenConsole, Disposable>();
  const texts = new Map<string, string>();
  const tell = (title: string, progress: PasteProgress): void => {
    if (progress.kind === 'ended') {
      texts.delete(title);
      if (progress.left > 0) vscode.window.setStatusBarMessage(leftWords(title, progress.left), 6000);
    } else {
      const percent = Math.floor((100 * progress.sent) / progress.total);
      texts.set(title, `$(sync~spin) Pasting into ${title}: ${percent} %`);
    }
    item.text = [...texts.values()].join(', ');
    if (texts.size > 0) item.show();
    else item.hide();
  };
  const listen = (): void => {
    for (const one of consoles.open) {
      if (!heard.has(one))
        heard.set(
          one,
          one.feed.paste.onProgress(progress => tell(targetTitle(one.target), progress)),
        );
    }
    for (const [one, listening] of heard) {
      if (consoles.open.includes(one)) continue;
      listening.dispose();
      heard.delete(one);
      tell(targetTitle(one.target), { kind: 'ended', left: 0 });
    }
  };
  owned.add(consoles.onDidChange(listen));
  owned.add({ dispose: () => [...heard.values()].forEach(one => one.dispose()) });
  return owned;
}

const leftWords = (title: string, bytes: number): string =>
  `KVM Lab: the paste into ${title} was ended; ${bytes} bytes were not sent.`;

export function cancelPastes({ open }: ConsoleTerminals): void {
  for (const { feed } of open) feed.paste.cancel();
}
