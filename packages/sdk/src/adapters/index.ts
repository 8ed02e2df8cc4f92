/**
 * All that stands around a `CallbackHandler`: handlers for the common web frameworks, a guard against repeats, the check
 * of the Standard Webhooks headers. It is an entry of its own, so that `@webpos/sdk/callbacks` stays below 2 kB, and one
 * for all frameworks, since a bundler takes from it only what is used. No framework is imported: what an adapter needs of
 * one is described here by its shape.
 *
 * Every adapter reads the raw body itself where the framework lets it, up to `maxBodyBytes`, and answers 204 once your
 * function has ended, 400 to what is not a true callback, 413 to what is too large, 500 when your function throws and 409
 * while another process is handling the callback: after both the callback comes again.
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
