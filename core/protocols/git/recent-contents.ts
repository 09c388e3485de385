// Contents that the next deltas of a pack are probably made from: the newest ones, up to so many bytes.

export class RecentContents {
  readonly #bytes: number;
  readonly #kept = new Map<number, Buffer>();
  #size = 0;

  constructor(bytes: number) {
    this.#bytes = bytes;
  }

  get(entry: number): Buffer | undefined {
    return this.#kept.get(entry);
  }

  /** Keeps it, and forgets the oldest ones where it needs their room. */
  put(entry: number, content: Buffer): void {
    if (this.#kept.has(entry)) return;
    this.#kept.set(entry, content);
    this.#size += content.length;
    for (const [oldest, { length }] of this.#kept) {
      if (this.#size <= this.#bytes || oldest === entry) return;
      this.#kept.delete(oldest);
      this.#size -= length;
    }
  }
}
