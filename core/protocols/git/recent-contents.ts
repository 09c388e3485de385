// The newest contents of a pack, up to a number of bytes: the likely bases of the next deltas.

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

  /** Keeps the content, and drops the oldest ones to make room. */
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
