/**
 * Caches the bodies that this process has packed last. Most callbacks are sent moments after they are stored, and decompressing a body
 * takes about as long as posting it.
 */
import { BoundedCache } from '../../../../kernel/bounded-cache.ts';
import { packBody, unpackBody, type BodyContext } from './pack-body.ts';

/** Each takes about 2 kB. */
const MAX_BODIES = 2_000;

const recent = new BoundedCache<string, { readonly body: string; readonly packed: Buffer }>({
  maxEntries: MAX_BODIES,
  evict: 'oldest',
});

/** Packs a body, and caches it. */
export function packRecent(body: string, context: BodyContext): Buffer {
  const packed = packBody(body, context);
  recent.set(context.id, { body, packed });
  return packed;
}

/** Returns the body that was packed, from the cache if the stored bytes are those of the cached body. */
export function unpackRecent(packed: Uint8Array, context: BodyContext): string {
  const known = recent.get(context.id);
  return known?.packed.equals(packed) === true ? known.body : unpackBody(packed, context);
}
