/** Stands for a body that is longer than it may be. */
export const TOO_LARGE: unique symbol = Symbol('too large');

/** The most bytes that a body may have, unless an adapter is told otherwise. */
export const MAX_BODY_BYTES: number = 256 * 1024;

/** Puts the pieces of a body together, and stops where there are too many. */
export async function boundedBody(pieces: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array | typeof TOO_LARGE> {
  const read: Uint8Array[] = [];
  let length = 0;
  for await (const piece of pieces) {
    length += piece.length;
    if (length > maxBytes) return TOO_LARGE;
    read.push(piece);
  }
  const body = new Uint8Array(length);
  let at = 0;
  for (const piece of read) {
    body.set(piece, at);
    at += piece.length;
  }
  return body;
}

/** A body that the framework has already read. */
export function withinBounds<Body extends string | Uint8Array>(body: Body, maxBytes: number): Body | typeof TOO_LARGE {
  // Text has at least as many bytes as characters.
  return body.length > maxBytes ? TOO_LARGE : body;
}
