/** The merchants' logos, each at a path that identifies its content, so that it may be cached forever. A logo is only ever a picture. */
import { BoundedCache } from '../../kernel/bounded-cache.ts';
import type { FastifyInstance } from 'fastify';
import type { LogoId, LogoImage } from '../../merchants/logo-image.ts';
import type { StoreContext } from '../../services/context.ts';
import { ContractError } from '../../contract/contract-error.ts';

/** The path of a logo, below the gateway's own path. */
export function logoPath(id: LogoId): string {
  return `/logos/${id}`;
}

/**
 * Opened on its own, an SVG would be a document of our origin. So browsers download it; and if one showed it all the same, it could
 * neither run nor load anything, and would have no origin (CSP 3, "sandbox"). Most pictures need their own styles.
 */
const HEADERS = {
  'cache-control': 'public, max-age=31536000, immutable',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
  'content-disposition': 'attachment',
};

/** Logos are few; with more of them, some are read from the store again. */
const MAX_ENTRIES = 50;

export function logoRoutes(server: FastifyInstance, { store }: Pick<StoreContext, 'store'>): void {
  const kept = new BoundedCache<LogoId, LogoImage>({ maxEntries: MAX_ENTRIES, evict: 'all' });
  const read = async (id: LogoId): Promise<LogoImage | undefined> => {
    const known = kept.get(id);
    if (known !== undefined) return known;
    const image = await store.logos.get(id);
    if (image === undefined) return undefined;
    kept.set(id, image);
    return image;
  };

  server.get('/logos/:id', async (request, reply) => {
    const { id } = request.params as { id: string };
    const image = /^[\da-f]{64}$/.test(id) ? await read(id as LogoId) : undefined;
    if (image === undefined) throw new ContractError('3001', 'there is no logo at this path');
    const etag = `"${id}"`;
    reply.headers({ ...HEADERS, etag });
    if (request.headers['if-none-match']?.includes(etag) === true) return reply.code(304).send();
    return reply.header('content-type', image.mediaType).send(image.bytes);
  });
}
