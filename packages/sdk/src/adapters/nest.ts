import type { CallbackHandler } from '../callbacks/index.ts';
import { ADAPTER_RULES, parseAdapterOptions } from './adapter-options.ts';
import { type AdapterOptions, answerCallback, type HandleCallback } from './answer-callback.ts';
import { withinBounds } from './bounded-body.ts';

/** The part of a request that is used, on Express's platform and on Fastify's. */
export interface NestRequest {
  headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  rawBody?: string | Uint8Array | undefined;
  body?: unknown;
}

/** The part of a response that is used, on both. */
export interface NestResponse {
  status(code: number): { send(text?: string): unknown };
}

/**
 * Takes callbacks in a controller of NestJS, on either platform. NestJS parses every body, so tell it to keep them:
 * `NestFactory.create(AppModule, { rawBody: true })`. It answers by itself, with `@Res()`, so that no exception filter can
 * turn a callback that was not handled into one that was.
 *
 * @example
 * \@Controller('callback')
 * class CallbackController {
 *   readonly #take = nestCallbacks(callbacks, ({ event, object }) => this.shop.update(object.uuid, event));
 *   constructor(private readonly shop: Shop) {}
 *
 *   \@Post()
 *   take(\@Req() request: NestRequest, \@Res() response: NestResponse) {
 *     return this.#take(request, response);
 *   }
 * }
 */
export function nestCallbacks(
  callbacks: CallbackHandler,
  handle: HandleCallback,
  options: AdapterOptions = {},
): (request: NestRequest, response: NestResponse) => Promise<void> {
  const { maxBodyBytes, onError } = parseAdapterOptions(options, ADAPTER_RULES);
  return async (request, response) => {
    const { headers, rawBody, body } = request;
    const readBody = async (): Promise<unknown> => (rawBody === undefined ? body : withinBounds(rawBody, maxBodyBytes));
    const { status, text } = await answerCallback(callbacks, handle, { headers, readBody, onError });
    response.status(status).send(text);
  };
}
