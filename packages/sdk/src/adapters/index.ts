/**
 * What surrounds a `CallbackHandler`: adapters for the common web frameworks, a guard against repeated callbacks, and a check of
 * the Standard Webhooks headers. It is a separate entry, so that `@webpos/sdk/callbacks` stays below 2 kB, and a single one,
 * because a bundler includes only the adapters in use. No framework is imported: each adapter describes the shape that it needs.
 *
 * Every adapter reads the raw body itself if the framework lets it, up to `maxBodyBytes`. It answers 204 once your function has
 * succeeded, 400 to a forged or malformed callback, 413 to a body that is too large, 500 if your function throws, and 409 while
 * another process is handling the callback. After a 409 or a 500 the callback is sent again.
 *
 * @example
 * const callbacks = new CallbackHandler({ secret });
 * app.post('/callback', expressCallbacks(callbacks, async ({ event, object }) => {
 *   if (event === 'payment.completed') await markPaid(object.uuid);
 * }));
 */
export type { AdapterOptions, HandleCallback } from './answer-callback.ts';
export { CallbackInProgressError } from './callback-in-progress-error.ts';
export { dropRepeats, type RepeatOptions } from './drop-repeats.ts';
export { expressCallbacks, type ExpressRequest, type ExpressResponse } from './express.ts';
export { type FastifyInstanceLike, type FastifyReplyLike, type FastifyRequestLike, fastifyCallbacks } from './fastify.ts';
export { koaCallbacks, type KoaContext } from './koa.ts';
export { lambdaCallbacks, type LambdaEvent, type LambdaResult } from './lambda.ts';
export { MemoryRepeatStore, type MemoryRepeatStoreOptions } from './memory-repeat-store.ts';
export { nestCallbacks, type NestRequest, type NestResponse } from './nest.ts';
export { nodeCallbacks, type NodeResponse } from './node.ts';
export type { NodeRequest } from './node-body.ts';
export type { ClaimStore, RepeatStore } from './repeat-store.ts';
export { standardWebhooks } from './standard-webhooks.ts';
export { type HonoRequest, webCallbacks, type WebRequest } from './web.ts';
