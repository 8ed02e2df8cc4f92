/** Reads Bitcoin's consensus serialisation, and refuses to read past the end. */

/** Bytes that are not a well-formed block or transaction. */
export class MalformedChainDataError extends Error {
  override readonly name = 'MalformedChainDataError';
}

export class ByteReader {
  offset = 0;
  readonly bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get remaining(): number {
    return this.bytes.length - this.offset;
  }

  peek(ahead: number): number {
    const byte = this.bytes[this.offset + ahead];
    if (byte === undefined)
      throw new MalformedChainDataError(`expected a byte at ${this.offset + ahead}, the data ends at ${this.bytes.length}`);
    return byte;
  }

  skip(count: number): void {
    if (count > this.remaining)
      throw new MalformedChainDataError(`expected ${count} bytes at ${this.offset}, the data ends at ${this.bytes.length}`);
    this.offset += count;
  }

  take(count: number): Uint8Array {
    const start = this.offset;
    this.skip(count);
    return this.bytes.subarray(start, this.offset);
  }

  uint32(): number {
    const at = this.offset;
    this.skip(4);
    return this.#view.getUint32(at, true);
  }

  uint64(): bigint {
    const at = this.offset;
    this.skip(8);
    return this.#view.getBigUint64(at, true);
  }

  /** A CompactSize: 1, 3, 5 or 9 bytes. */
  compactSize(): number {
    const first = this.peek(0);
    const at = this.offset + 1;
    if (first < 0xfd) {
      this.skip(1);
      return first;
    }
    if (first === 0xfd) {
      this.skip(3);
      return this.#view.getUint16(at, true);
    }
    if (first === 0xfe) {
      this.skip(5);
      return this.#view.getUint32(at, true);
    }
    this.skip(9);
    const large = this.#view.getBigUint64(at, true);
    if (large > BigInt(Number.MAX_SAFE_INTEGER))
      throw new MalformedChainDataError(`a CompactSize of ${large} at ${at - 1} is beyond any block`);
    return Number(large);
  }
}
