import { UserError } from '../base/user-error.ts';

/** The code of an error of the operating system, such as `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** `EACCES: permission denied, open '/x'` → `permission denied`. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /^E[A-Z0-9]+: ([^,]+)/.exec(message)?.[1] ?? message;
}

/** What failed, in the user's words, and why, in the system's. */
export function systemFailure(what: string, error: unknown): UserError {
  return new UserError(`${what}: ${reasonOf(error)}.`, [], { cause: error });
}
