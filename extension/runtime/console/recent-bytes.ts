/** The last bytes of a stream that may come one by one: each is moved once now and then, not with every other. */
export class RecentBytes {
  private readonly size: number;
  /** Made when something comes: most of it is never touched, and takes no memory then. */
  private room: Uint8Array | undefined;
  private length = 0;
  private total = 0;

  /** Keeps at least the last `size` bytes. */
  constructor(size: number) {
    this.size = size;
  }

  /** More came than is kept. */
  get isCut(): boolean {
    return this.total > this.size;
  }

  /** A copy is kept: whoever gave the bytes may write over them. */
  add(bytes: Uint8Array): void {
    const added = bytes.length > this.size ? bytes.subarray(-this.size) : bytes;
    this.room ??= new Uint8Array(4 * this.size);
    if (this.length + added.length > this.room.length) {
      this.room.copyWithin(0, this.length - this.size, this.length);
      this.length = this.size;
    }
    this.room.set(added, this.length);
    this.length += added.length;
    this.total += bytes.length;
  }

  /** The last so many, as far as they are kept. */
  last(count = this.size): Uint8Array {
    const kept = Math.max(0, Math.min(count, this.size, this.length));
    return this.room?.slice(this.length - kept, this.length) ?? new Uint8Array(0);
  }

  clear(): void {
    [this.length, this.total] = [0, 0];
  }
}
