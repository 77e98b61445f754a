/** A next step that the user can take, shown as a button (VS Code) or a line (terminal). */
export interface UserAction {
  readonly title: string;
  readonly command: string;
  readonly args?: readonly unknown[];
}

/** A failure that the user can understand and act on. Anything else that is thrown is a bug. */
export class UserError extends Error {
  readonly actions: readonly UserAction[];

  constructor(message: string, actions: readonly UserAction[] = [], options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'UserError';
    this.actions = actions;
  }
}

/** Somebody called it off, and so it ended: news and no failure. Its message says what has become of it. */
export class CalledOff extends UserError {}
