/** Replaces a body that is too large. */
export const TOO_LARGE: unique symbol = Symbol('too large');

/** The default maximum size of a body in bytes. */
export const MAX_BODY_BYTES: number = 256 * 1024;

/**
 * Joins the chunks of a body, and stops as soon as they are too large together. Each chunk is copied at once, because a sender
 * may send one byte at a time and every chunk may keep a whole buffer alive.
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

/** Limits a body that the framework has already read. */
export function withinBounds<Body extends string | Uint8Array>(body: Body, maxBytes: number): Body | typeof TOO_LARGE {
  // Text has at least as many bytes as characters.
  return body.length > maxBytes ? TOO_LARGE : body;
}
