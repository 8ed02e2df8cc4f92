/** A text that clients cache and ask for again with its tag (RFC 9110, 13.1.2). */
import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CompressedFile } from './send-compressed.ts';

export class TaggedText {
  readonly #file: CompressedFile;
  readonly #etag: string;

  constructor(text: string) {
    this.#file = new CompressedFile(text);
    // Weak, because the tag is the same for the compressed and the plain text (RFC 9110, 8.8.1).
    this.#etag = `W/"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`;
  }

  /** Sends the text, or 304 to a client that already has it. */
  async send(request: FastifyRequest, reply: FastifyReply, contentType: string): Promise<FastifyReply> {
    reply.headers({ etag: this.#etag, 'cache-control': 'no-cache', vary: 'accept-encoding' });
    const known = (request.headers['if-none-match'] ?? '').split(',').map((tag) => tag.trim().replace(/^(?:W\/)?/, 'W/'));
    if (known.includes(this.#etag) || known.includes('W/*')) return reply.code(304).send();
    return this.#file.send(request, reply.header('content-type', contentType));
  }
}
