import { createHash, type Hash } from 'node:crypto';
import fs from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { systemFailure } from './system-error.ts';

/** The part of a download that has come, in a file, with its sum so far. Beside it stands which version of the source it is of. */
export class PartialImage {
  readonly file: string;
  private readonly handle: fs.FileHandle;
  private hash: Hash;
  private length: number;
  private version: string | undefined;

  private constructor(file: string, handle: fs.FileHandle, hash: Hash, length: number, version: string | undefined) {
    this.file = file;
    this.handle = handle;
    this.hash = hash;
    this.length = length;
    this.version = version;
  }

  /** Goes on with the file if there is one. */
  static async open(file: string): Promise<PartialImage> {
    try {
      const handle = await fs.open(file, fs.constants.O_RDWR | fs.constants.O_CREAT | fs.constants.O_NOFOLLOW, 0o644);
      const hash = createHash('sha256');
      let length = 0;
      for await (const piece of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
        hash.update(piece);
        length += piece.length;
      }
      const version = await fs.readFile(`${file}.version`, 'utf8').catch(() => undefined);
      return new PartialImage(file, handle, hash, length, version);
    } catch (error) {
      throw systemFailure(`Cannot write ${file}`, error);
    }
  }

  get bytes(): number {
    return this.length;
  }

  /** ETag or date of what the bytes are of, as the server said it. */
  get validator(): string | undefined {
    return this.length > 0 ? this.version : undefined;
  }

  async setValidator(validator: string | undefined): Promise<void> {
    this.version = validator;
    await this.attempt(() =>
      validator === undefined
        ? fs.rm(`${this.file}.version`, { force: true })
        : fs.writeFile(`${this.file}.version`, validator),
    );
  }

  async append(bytes: Uint8Array): Promise<void> {
    await this.attempt(async () => {
      let rest = bytes;
      while (rest.length > 0) {
        const { bytesWritten } = await this.handle.write(rest, 0, rest.length, this.length);
        this.hash.update(rest.subarray(0, bytesWritten));
        this.length += bytesWritten;
        rest = rest.subarray(bytesWritten);
      }
    });
  }

  async empty(): Promise<void> {
    await this.attempt(() => this.handle.truncate(0));
    [this.hash, this.length] = [createHash('sha256'), 0];
    await this.setValidator(undefined);
  }

  sum(): string {
    return this.hash.copy().digest('hex');
  }

  /** All of it on the disk, and only to be read from now on. */
  async finish(): Promise<void> {
    await this.handle.sync();
    await this.handle.chmod(0o444);
  }

  async remove(): Promise<void> {
    await this.attempt(async () => {
      await fs.rm(this.file, { force: true });
      await fs.rm(`${this.file}.version`, { force: true });
    });
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  private async attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      throw systemFailure(`Cannot write ${this.file}`, error);
    }
  }
}
