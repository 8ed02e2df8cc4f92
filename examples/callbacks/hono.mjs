/**
 * Takes callbacks in Hono, which runs on Node, Bun, Deno and Workers; here on Node.
 *
 *   npm install @webpos/sdk hono @hono/node-server
 *   WEBPOS_SECRET=... node hono.mjs
 */
import process from 'node:process';
import { serve } from '@hono/node-server';
import { dropRepeats, webCallbacks } from '@webpos/sdk/adapters';
import { CallbackHandler } from '@webpos/sdk/callbacks';
import { Hono } from 'hono';

const { WEBPOS_SECRET = '', PORT = '8081' } = process.env;
const callbacks = new CallbackHandler({ secret: WEBPOS_SECRET });
const app = new Hono();

const take = webCallbacks(
  callbacks,
  dropRepeats(({ event, object }) => {
    console.log(`${event}: order ${object.reference ?? object.uuid} is ${object.state.status}`);
  }),
);
// Not context.req.raw: a middleware may have read the body, and context.req has then kept it.
app.post('/callback', (context) => take(context.req));

// On Workers, Bun and Deno: export default app;
serve({ fetch: app.fetch, port: Number(PORT) }, () => console.log(`Callbacks are taken at http://localhost:${PORT}/callback`));
