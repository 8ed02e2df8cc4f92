/** The script with which shops open a checkout page as a dialog. Pages of any origin may load it. */
import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { shopAssets } from '@webpos/web';
import { CompressedFile } from '../../http/send-compressed.ts';

export function shopScriptRoutes(server: FastifyInstance): void {
  for (const [path, { contentType, body }] of shopAssets) {
    const file = new CompressedFile(body);
    const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`;
    server.get(path, async (request, reply) => {
      reply.headers({
        'content-type': contentType,
        etag,
        // Its URL never changes, so a new release reaches every shop within an hour.
        'cache-control': 'public, max-age=3600',
        // Modules are loaded with CORS, plain scripts without. Neither holds a secret.
        'access-control-allow-origin': '*',
        'cross-origin-resource-policy': 'cross-origin',
      });
      if (request.headers['if-none-match']?.includes(etag) === true) return reply.code(304).send();
      return file.send(request, reply);
    });
  }
}
