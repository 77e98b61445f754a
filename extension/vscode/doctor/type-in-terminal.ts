import * as vscode from 'vscode';

/** Types a command line in a terminal of its own; the user sees it before pressing Enter, and what it prints after. */
export function typeInTerminal(name: string, line: string): void {
  const terminal = vscode.window.createTerminal({ name, isTransient: true });
  terminal.show();
  terminal.sendText(line, false);
}
