/**
 * A shop's process: receives callbacks on a port, and prints each verified one as a line of JSON.
 *
 * Arguments: the port, the secret of the POS, and its Standard Webhooks secret.
 */
import { createServer } from 'node:http';
import { CallbackHandler } from '@webpos/sdk/callbacks';
import { nodeCallbacks, standardWebhooks } from '@webpos/sdk/adapters';

const [port = '', secret = '', webhookSecret = ''] = process.argv.slice(2);
const platform = nodeCallbacks(new CallbackHandler({ secret }), ({ event, object }) => {
  console.log(JSON.stringify({ event, order: object.uuid }));
});
const standard = nodeCallbacks(
  new CallbackHandler({ standardWebhooks: standardWebhooks(webhookSecret) }),
  ({ event, object }, { id }) => {
    console.log(JSON.stringify({ event, order: object.uuid, id }));
  },
);
createServer((request, response) => {
  if (request.url === '/standard') return void standard(request, response);
  if (request.url === '/broken') return void response.writeHead(500).end();
  return void platform(request, response);
}).listen(Number(port), '127.0.0.1', () => console.log('ready'));
