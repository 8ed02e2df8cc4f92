/**
 * To test a shop without a server: sign callbacks, make samples of orders and callbacks, and have a platform in this
 * process that the client talks to. Not for production.
 */
export type { Deliver, FakeCallback } from './fake-callbacks.ts';
export {
  createFakePlatform,
  type FakePayment,
  type FakePlatform,
  type FakePlatformOptions,
  type FakeRequest,
} from './fake-platform.ts';
export { sampleCallback, samplePaymentOrder } from './samples.ts';
export { signCallback, signStandardWebhook } from './sign-callback.ts';
