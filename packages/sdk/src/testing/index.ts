/**
 * Tests a shop without a server: signs callbacks, makes sample orders and callbacks, and provides a platform in this process for
 * the client to talk to. Not for production.
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
