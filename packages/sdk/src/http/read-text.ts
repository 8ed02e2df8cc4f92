import { ENCODER } from '../callbacks/encoder.ts';
import { describeValue } from '../checks/value-rules.ts';
import { ConfigurationError } from '../errors/configuration-error.ts';
import { MAX_ANSWER_BYTES } from './answer-limit.ts';
import type { FetchAnswer } from './fetch.ts';

/**
 * Reads the body of an answer, and stops where it gets too long: whatever answers in the place of the API must not fill
 * the memory of a shop.
 *
 * @returns undefined when the body turned out to be longer than {@link MAX_ANSWER_BYTES}.
 * @throws ConfigurationError for a body of neither bytes nor text, which only a `fetch` of the application's own has.
 */
export function readText(response: FetchAnswer): Promise<string | undefined> {
  const { headers, body } = response;
  const length = headers.get('content-length');
  // HTTP itself ends a body where its length says, unless it is packed. Read whole, it costs least.
  const isBounded = length !== null && Number(length) <= MAX_ANSWER_BYTES && headers.get('content-encoding') === null;
  const pieces = body && !isBounded ? piecesOf(body) : undefined;
  return pieces ? readPieces(pieces) : response.text();
}

/** A body that is read piece by piece, as far as this library uses it. */
export interface ByteStream {
  /** Locks the stream, so that this library alone reads it. */
  getReader(): {
    /** The next bytes; without a value at the end. */
    read(): Promise<Piece>;
    /** Ends the reading early. */
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

/** The pieces of a `ReadableStream`, or of a stream of Node, which node-fetch gives. */
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
    // A stream of Node whose encoding was set gives text.
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
