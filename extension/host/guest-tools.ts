import { onCancel, type CancelSignal } from '../base/cancel.ts';
import { CalledOff, UserError } from '../base/user-error.ts';
import { loadExeca } from './load-execa.ts';

export interface ToolResult {
  readonly isOk: boolean;
  readonly output: Uint8Array;
  readonly errors: string;
}

/**
 * Runs one of the programs that make the tiny guest, in English, so that its words can be read.
 * Throws only if it is not there or was called off; what its failing means is the caller's to say.
 */
export async function runTool(
  program: string,
  args: readonly string[],
  { signal, folder }: { readonly signal?: CancelSignal | undefined; readonly folder?: string } = {},
): Promise<ToolResult> {
  const controller = new AbortController();
  const listening = onCancel(signal, () => controller.abort());
  try {
    const { execa } = await loadExeca();
    const result = await execa(program, args, {
      reject: false,
      stdin: 'ignore',
      encoding: 'buffer',
      env: { LC_ALL: 'C' },
      cancelSignal: controller.signal,
      ...(folder === undefined ? {} : { cwd: folder }),
    });
    if (result.isCanceled) throw new CalledOff('Making the tiny guest was called off; nothing was changed.');
    if (result.code === 'ENOENT') throw toolMissing(program);
    return { isOk: !result.failed, output: result.stdout, errors: new TextDecoder().decode(result.stderr) };
  } finally {
    listening.dispose();
  }
}

export const textOf = ({ output }: ToolResult): string => new TextDecoder().decode(output);

/** The tiny guest can be made on one system and used on another. */
export const madeElsewhere =
  'Make it on a Debian machine (amd64) with `kvmlab guest guest`, and copy that folder guest beside your lab file.';

const packageOf: Readonly<Record<string, string>> = { xz: 'xz-utils', 'dpkg-deb': 'dpkg' };

function toolMissing(program: string): UserError {
  const missing = packageOf[program];
  return new UserError(
    missing === undefined
      ? `The tiny guest is made from Debian packages, and this system has no ${program}. ${madeElsewhere}`
      : `The tiny guest is made with ${program}, and this system has none. Run: sudo apt-get install ${missing}`,
  );
}
