import type * as Execa from 'execa';

/**
 * execa is a fifth of the extension, and needed only when something is run: the build makes it a file of its own
 * (tools/build.mjs), which is read at the first call.
 */
export const loadExeca = (): Promise<typeof Execa> => import('execa');
