import { ENCODER } from '../callbacks/encoder.ts';
import { describeValue } from '../checks/value-rules.ts';
import { ConfigurationError } from '../errors/configuration-error.ts';
import { MAX_ANSWER_BYTES } from './answer-limit.ts';
import type { FetchAnswer } from './fetch.ts';

/**
 * Reads the body of an answer up to {@link MAX_ANSWER_BYTES}, so that whatever answers in place of the API cannot fill the memory
 * of a shop.
 *
 * @returns undefined if the body is larger.
 * @throws ConfigurationError if the body is neither bytes nor text, which only the application's own `fetch` can cause.
 */
export function readText(response: FetchAnswer): Promise<string | undefined> {
  const { headers, body } = response;
  const length = headers.get('content-length');
  // HTTP ends a body at its declared length, unless it is compressed. Reading it whole is cheapest.
  const isBounded = length !== null && Number(length) <= MAX_ANSWER_BYTES && headers.get('content-encoding') === null;
  const pieces = body && !isBounded ? piecesOf(body) : undefined;
  return pieces ? readPieces(pieces) : response.text();
}

/** The part of a `ReadableStream` that this library uses. */
export interface ByteStream {
  /** Locks the stream for the exclusive use of this library. */
  getReader(): {
    /** Resolves to the next bytes; without a value at the end. */
    read(): Promise<Piece>;
    /** Stops reading. */
    cancel(): Promise<unknown>;
  };
}

interface Piece {
  value?: Uint8Array | string | undefined;
}

interface Pieces {
  next(): Promise<Piece>;
  return?(): Promise<unknown>;
}

/** Iterates over the chunks of a `ReadableStream`, or of a Node stream, which node-fetch returns. */
function piecesOf(body: Partial<ByteStream & AsyncIterable<Uint8Array | string>>): Pieces | undefined {
  const reader = body.getReader?.();
  return reader ? { next: () => reader.read(), return: () => reader.cancel() } : body[Symbol.asyncIterator]?.();
}

async function readPieces(pieces: Pieces): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = '';
  for (let bytes = 0; ;) {
    const { value: piece } = await pieces.next();
    if (piece === undefined) return text + decoder.decode();
    // A Node stream with an encoding yields text.
    const value = typeof piece === 'string' ? ENCODER.encode(piece) : piece;
    if (!ArrayBuffer.isView(value)) throw new ConfigurationError('fetch', 'a body of bytes or text', describeValue(value));
    bytes += value.byteLength;
    if (bytes > MAX_ANSWER_BYTES) {
      pieces.return?.().catch(() => undefined);
      return undefined;
    }
    text += decoder.decode(value, { stream: true });
  }
}
