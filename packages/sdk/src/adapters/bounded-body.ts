/** Stands for a body that is longer than it may be. */
export const TOO_LARGE: unique symbol = Symbol('too large');

/** The most bytes that a body may have, unless an adapter is told otherwise. */
export const MAX_BODY_BYTES: number = 256 * 1024;

/**
 * Puts the pieces of a body together, and stops where there are too many bytes. Each piece is copied when it comes: a sender may send
 * a byte at a time, and every piece may hold on to a buffer of its own.
 */
export async function boundedBody(pieces: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array | typeof TOO_LARGE> {
  let body = new Uint8Array(Math.min(8192, maxBytes));
  let length = 0;
  for await (const piece of pieces) {
    const end = length + piece.length;
    if (end > maxBytes) return TOO_LARGE;
    if (end > body.length) {
      const larger = new Uint8Array(Math.min(maxBytes, 2 * end));
      larger.set(body);
      body = larger;
    }
    body.set(piece, length);
    length = end;
  }
  return body.subarray(0, length);
}

/** A body that the framework has already read. */
export function withinBounds<Body extends string | Uint8Array>(body: Body, maxBytes: number): Body | typeof TOO_LARGE {
  // Text has at least as many bytes as characters.
  return body.length > maxBytes ? TOO_LARGE : body;
}
