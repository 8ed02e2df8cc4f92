import type { CallbackHandler } from '../callbacks/index.ts';
import { ADAPTER_RULES, parseAdapterOptions } from './adapter-options.ts';
import { type AdapterOptions, answerCallback, type HandleCallback } from './answer-callback.ts';
import { withinBounds } from './bounded-body.ts';

/** The part of a request that the adapter uses, on the Express and the Fastify platform. */
export interface NestRequest {
  headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  rawBody?: string | Uint8Array | undefined;
  body?: unknown;
}

/** The part of a response that the adapter uses, on both platforms. */
export interface NestResponse {
  status(code: number): { send(text?: string): unknown };
}

/**
 * Receives callbacks in a NestJS controller, on either platform. NestJS parses every body, so have it keep the raw one:
 * `NestFactory.create(AppModule, { rawBody: true })`. The adapter answers itself, through `@Res()`, so that no exception filter
 * can turn a failed callback into an acknowledged one.
 *
 * @throws ConfigurationError naming the wrong option.
 * @example
 * \@Controller('callback')
 * class CallbackController {
 *   readonly #receive = nestCallbacks(callbacks, ({ event, object }) => this.shop.update(object.uuid, event));
 *   constructor(private readonly shop: Shop) {}
 *
 *   \@Post()
 *   receive(\@Req() request: NestRequest, \@Res() response: NestResponse) {
 *     return this.#receive(request, response);
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
