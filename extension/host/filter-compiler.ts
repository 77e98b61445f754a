import { execFile } from 'node:child_process';
import { UserError } from '../base/user-error.ts';
import type { FilterCompiler } from '../runtime/capture-ports.ts';
import { codeOf } from './system-error.ts';

/** Has tcpdump translate a capture filter, for Ethernet; it captures nothing and needs no rights for that. */
export class TcpdumpCompiler implements FilterCompiler {
  private readonly program: string;

  constructor(program = 'tcpdump') {
    this.program = program;
  }

  compile(filter: string): Promise<string | undefined> {
    // Names of hosts are not looked up: a filter must not ask the network.
    const args = ['-n', '-ddd', '-y', 'EN10MB', '--', filter];
    return new Promise((resolve, reject) => {
      execFile(this.program, args, { timeout: 10_000, env: withSystemFolders() }, (error, stdout, stderr) => {
        if (!error) resolve(stdout);
        else if (codeOf(error) === 'ENOENT') resolve(undefined);
        else
          reject(new UserError(`The filter "${filter}" is not understood. ${lastLine(stderr)}`, [], { cause: error }));
      });
    });
  }
}

/** Debian has tcpdump in /usr/bin, others in /usr/sbin, where an ordinary user does not look. */
const withSystemFolders = (): NodeJS.ProcessEnv => ({
  ...process.env,
  PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`,
});

const lastLine = (text: string): string =>
  `tcpdump says: ${
    text
      .trim()
      .split('\n')
      .at(-1)
      ?.replace(/^tcpdump: /, '') ?? ''
  }.`;
