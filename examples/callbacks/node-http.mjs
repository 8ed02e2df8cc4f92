/**
 * Takes callbacks with node:http alone.
 *
 *   npm install @webpos/sdk
 *   WEBPOS_SECRET=... node node-http.mjs
 */
import { createServer } from 'node:http';
import process from 'node:process';
import { dropRepeats, nodeCallbacks } from '@webpos/sdk/adapters';
import { CallbackHandler } from '@webpos/sdk/callbacks';

const { WEBPOS_SECRET = '', PORT = '8081' } = process.env;
const callbacks = new CallbackHandler({ secret: WEBPOS_SECRET });

const take = nodeCallbacks(
  callbacks,
  dropRepeats(({ event, object }) => {
    console.log(`${event}: order ${object.reference ?? object.uuid} is ${object.state.status}`);
  }),
);

createServer((request, response) => {
  if (request.method === 'POST' && request.url === '/callback') return void take(request, response);
  response.writeHead(404).end();
}).listen(Number(PORT), () => console.log(`Callbacks are taken at http://localhost:${PORT}/callback`));
