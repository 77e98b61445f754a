import type * as vscode from 'vscode';

/** The part of `vscode` that consoles use, for tests outside VS Code. */
export class ThemeIcon {
  readonly id: string;

  constructor(id: string) {
    this.id = id;
  }
}

/** Terminals as `vscode.window` makes them; VS Code's own side is played by the test. */
export class FakeTerminal {
  readonly options: vscode.ExtensionTerminalOptions;
  shown = 0;
  isDisposed = false;

  constructor(options: vscode.ExtensionTerminalOptions) {
    this.options = options;
  }

  show(): void {
    this.shown += 1;
  }

  dispose(): void {
    this.isDisposed = true;
  }

  /** The user closes it by hand. */
  closeByUser(): void {
    this.options.pty.close();
  }
}

export const terminals: FakeTerminal[] = [];

export const window = {
  createTerminal(options: vscode.ExtensionTerminalOptions): FakeTerminal {
    const terminal = new FakeTerminal(options);
    terminals.push(terminal);
    options.pty.open(undefined);
    return terminal;
  },
};
