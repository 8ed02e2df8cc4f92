/**
 * Takes callbacks in Next.js, with the App Router: this is app/callback/route.js, or route.ts, of a Next.js application.
 *
 *   npx create-next-app shop && cd shop && npm install @webpos/sdk
 *   cp nextjs-route.mjs app/callback/route.js
 *   WEBPOS_SECRET=... npx next dev --port 8081
 */
import process from 'node:process';
import { dropRepeats, webCallbacks } from '@webpos/sdk/adapters';
import { CallbackHandler } from '@webpos/sdk/callbacks';

const handle = dropRepeats(({ event, object }) => {
  console.log(`${event}: order ${object.reference ?? object.uuid} is ${object.state.status}`);
});

let take;

export async function POST(request) {
  // At the first callback: Next.js loads this file also when it builds, where there is no secret.
  take ??= webCallbacks(new CallbackHandler({ secret: process.env.WEBPOS_SECRET ?? '' }), handle);
  return await take(request);
}
