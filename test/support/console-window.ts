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
  readonly creationOptions: vscode.ExtensionTerminalOptions;
  /** How it was shown: with the focus or without. */
  readonly shows: ('focus' | 'no focus')[] = [];
  name: string;
  isDisposed = false;

  constructor(options: vscode.ExtensionTerminalOptions) {
    this.creationOptions = options;
    this.name = options.name;
    options.pty.onDidChangeName?.(name => (this.name = name));
  }

  get options(): vscode.ExtensionTerminalOptions {
    return this.creationOptions;
  }

  get shown(): number {
    return this.shows.length;
  }

  show(preserveFocus = false): void {
    this.shows.push(preserveFocus ? 'no focus' : 'focus');
  }

  dispose(): void {
    this.isDisposed = true;
  }

  /** The user closes it by hand. */
  closeByUser(): void {
    this.options.pty.close();
  }

  type(text: string): void {
    this.options.pty.handleInput?.(text);
  }
}

export const terminals: FakeTerminal[] = [];

export const window = {
  createTerminal(options: vscode.ExtensionTerminalOptions): FakeTerminal {
    const terminal = new FakeTerminal(options);
    terminals.push(terminal);
    options.pty.open({ rows: 24, columns: 80 });
    return terminal;
  },
};
