/**
 * A message of the Linux kernel with its time, to the end of its line. It goes to the console past all programs, so it
 * can begin anywhere in what they print, and what they were printing goes on in the next line.
 */
const message = /\[ {0,4}\d{1,7}\.\d{6}\] [^\n]*\n?/g;

export const withoutKernelMessages = (text: string): string => text.replace(message, '');

/** What a program had printed of a line when the kernel cut in; undefined: it did not. */
export function cutByKernel(line: string): string | undefined {
  const at = line.search(message);
  return at < 0 ? undefined : line.slice(0, at);
}
