/**
 * Takes callbacks in Fastify 5.
 *
 *   npm install @webpos/sdk fastify
 *   WEBPOS_SECRET=... node fastify.mjs
 */
import process from 'node:process';
import fastify from 'fastify';
import { dropRepeats, fastifyCallbacks } from '@webpos/sdk/adapters';
import { CallbackHandler } from '@webpos/sdk/callbacks';

const { WEBPOS_SECRET = '', PORT = '8081' } = process.env;
const callbacks = new CallbackHandler({ secret: WEBPOS_SECRET });
const app = fastify({ logger: true });

// A plugin: the other routes keep their own body parsers.
app.register(
  fastifyCallbacks(
    callbacks,
    dropRepeats(({ event, object }) => {
      console.log(`${event}: order ${object.reference ?? object.uuid} is ${object.state.status}`);
    }),
    { path: '/callback' },
  ),
);
app.post('/json', (request, reply) => reply.send(request.body));

await app.listen({ port: Number(PORT) });
console.log(`Callbacks are taken at http://localhost:${PORT}/callback`);
