/**
 * Sends text compressed, as far as the browser accepts it.
 *
 * Compressed sizes reveal something about the content (CRIME, BREACH), which is no danger here: anyone who could have a page sent
 * repeatedly knows its link, and so can read it anyway. Its content does not depend on cookies or other data of the browser, and
 * repeats nothing of a request except its link.
 */
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';

const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

interface Effort {
  /** From 0 to 11. */
  readonly quality: number;
  /** How far back repetitions are looked for: the base-2 logarithm of the bytes. */
  readonly window: number;
}

/**
 * For a page that is generated once: about a third of a millisecond, in another thread. A larger window than most pages need takes a
 * hundred times as long at this quality.
 */
const PAGE: Effort = { quality: 9, window: 15 };
const FILE: Effort = { quality: constants.BROTLI_MAX_QUALITY, window: constants.BROTLI_DEFAULT_WINDOW };

export async function sendCompressed(request: FastifyRequest, reply: FastifyReply, text: string): Promise<FastifyReply> {
  const encoding = encodingFor(request);
  reply.header('vary', 'accept-encoding, accept-language');
  if (encoding === undefined) return reply.send(text);
  return reply.header('content-encoding', encoding).send(await compress(text, encoding, PAGE));
}

/** A file that never changes, compressed once at the best quality. */
export class CompressedFile {
  readonly #text: string;
  readonly #made = new Map<Encoding, Promise<Buffer>>();

  constructor(text: string) {
    this.#text = text;
  }

  async send(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const encoding = encodingFor(request);
    reply.header('vary', 'accept-encoding');
    if (encoding === undefined) return reply.send(this.#text);
    const made = this.#made.get(encoding) ?? compress(this.#text, encoding, FILE);
    this.#made.set(encoding, made);
    return reply.header('content-encoding', encoding).send(await made);
  }
}

type Encoding = 'br' | 'gzip';

function encodingFor({ headers }: FastifyRequest): Encoding | undefined {
  // RFC 9110, 12.5.3; a quality of 0 means "not acceptable".
  const accepted = headers['accept-encoding'] ?? '';
  const takes = (name: string): boolean =>
    new RegExp(`(?:^|,)\\s*${name}\\s*(?:,|$|;\\s*q=(?!0(?:\\.0*)?\\s*(?:,|$)))`, 'i').test(accepted);
  if (takes('br')) return 'br';
  return takes('gzip') ? 'gzip' : undefined;
}

function compress(text: string, encoding: Encoding, { quality, window }: Effort): Promise<Buffer> {
  if (encoding === 'gzip') return zip(text);
  const size = Buffer.byteLength(text);
  return brotli(text, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: quality,
      [constants.BROTLI_PARAM_LGWIN]: window,
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_SIZE_HINT]: size,
    },
  });
}
