/**
 * Takes callbacks in Koa.
 *
 *   npm install @webpos/sdk koa
 *   WEBPOS_SECRET=... node koa.mjs
 */
import process from 'node:process';
import Koa from 'koa';
import { dropRepeats, koaCallbacks } from '@webpos/sdk/adapters';
import { CallbackHandler } from '@webpos/sdk/callbacks';

const { WEBPOS_SECRET = '', PORT = '8081' } = process.env;
const callbacks = new CallbackHandler({ secret: WEBPOS_SECRET });
const app = new Koa();

const take = koaCallbacks(
  callbacks,
  dropRepeats(({ event, object }) => {
    console.log(`${event}: order ${object.reference ?? object.uuid} is ${object.state.status}`);
  }),
);

// With a router: router.post('/callback', take). Before any body parser, which eats the raw body.
app.use(async (context, next) => {
  if (context.method === 'POST' && context.path === '/callback') return await take(context);
  await next();
});

app.listen(Number(PORT), () => console.log(`Callbacks are taken at http://localhost:${PORT}/callback`));
