/** Steps of the 32-bit MurmurHash3, for tables with a secret seed. Offers no protection against anyone who knows the seed. */

/** Mixes in four bytes. Different constants separate lanes that run in parallel. */
export function mix(state: number, word: number, c1: number, c2: number): number {
  const k = Math.imul(word, c1);
  const mixed = state ^ Math.imul((k << 15) | (k >>> 17), c2);
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0;
}

export function finish(state: number): number {
  let h = state ^ (state >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** A hash of the bytes from `start` to `end`, from 0 to 2^32 - 1. */
export function hash32(bytes: Uint8Array, start: number, end: number, seed: number): number {
  let state = seed ^ (end - start);
  let at = start;
  for (; at + 4 <= end; at += 4) {
    const word =
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24);
    state = mix(state, word, 0xcc9e2d51, 0x1b873593);
  }
  let tail = 0;
  for (let shift = 0; at < end; at += 1, shift += 8) tail |= (bytes[at] as number) << shift;
  return finish(mix(state, tail, 0xcc9e2d51, 0x1b873593)) >>> 0;
}
