import { PlainStream } from '../../console/expect.ts';
import { SecretMask } from '../../dialogue/secret-mask.ts';

/** Of a longer install the end is kept: that is where it failed. */
const mostCharacters = 4_000_000;

/** What a console printed while a script played, as text for people, with its steps between; secrets are covered. */
export class Transcript {
  private readonly plain = new PlainStream();
  private readonly mask: SecretMask;
  private written = '';

  constructor(secrets: Iterable<string>) {
    this.mask = new SecretMask(secrets);
  }

  /** Whether the guest has printed a secret. */
  get hasSeenSecrets(): boolean {
    return this.mask.found > 0;
  }

  get text(): string {
    return this.written;
  }

  /** Gives what of it may be shown now. */
  printed(bytes: Uint8Array): string {
    const text = this.mask.push(this.plain.push(bytes));
    this.write(text);
    return text;
  }

  /** A line of ours. */
  note(line: string): void {
    const isFresh = this.written === '' || this.written.endsWith('\n');
    this.write(`${isFresh ? '' : '\n'}── ${line}\n`);
  }

  /** Nothing comes any more. */
  end(): void {
    this.write(this.mask.end());
    if (this.written !== '' && !this.written.endsWith('\n')) this.write('\n');
  }

  private write(text: string): void {
    this.written = (this.written + text).slice(-mostCharacters);
  }
}
