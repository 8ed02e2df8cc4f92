/**
 * Takes callbacks in Express 4 or 5.
 *
 *   npm install @webpos/sdk express
 *   WEBPOS_SECRET=... node express.mjs
 */
import process from 'node:process';
import express from 'express';
import { dropRepeats, expressCallbacks } from '@webpos/sdk/adapters';
import { CallbackHandler } from '@webpos/sdk/callbacks';

const { WEBPOS_SECRET = '', PORT = '8081' } = process.env;
const callbacks = new CallbackHandler({ secret: WEBPOS_SECRET });
const app = express();

// Before express.json(), which eats the raw body that the signature covers.
app.post(
  '/callback',
  expressCallbacks(
    callbacks,
    dropRepeats(({ event, object }) => {
      console.log(`${event}: order ${object.reference ?? object.uuid} is ${object.state.status}`);
    }),
  ),
);

app.use(express.json());
app.post('/json', (request, response) => void response.json(request.body));

app.listen(Number(PORT), () => console.log(`Callbacks are taken at http://localhost:${PORT}/callback`));
