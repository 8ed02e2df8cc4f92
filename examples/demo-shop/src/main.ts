/** Runs the shop on its own, with the settings of its point of sale (POS) from the environment. */
import { Client } from '@webpos/sdk';

import { startShop } from './shop.ts';

const [secret, baseUrl] = [required('WEBPOS_SECRET'), required('WEBPOS_URL')];
const client = new Client({
  mode: 'sandbox',
  clientId: required('WEBPOS_CLIENT_ID'),
  secret,
  baseUrl,
});

const shop = await startShop({
  host: process.env['HOST'] ?? '127.0.0.1',
  port: readPort(process.env['PORT'] ?? '8081'),
  client,
  callbackSecret: secret,
  gatewayUrl: baseUrl,
  // Set it when others reach the shop by another name than HOST and PORT, such as behind a proxy.
  publicUrl: process.env['PUBLIC_URL'],
  onCallback: ({ event, object }) => console.log(`${event} for order ${object.reference} (${object.uuid})`),
});
console.log(`The shop is open at ${shop.url}`);

process.once('SIGINT', () => void shop.close());
process.once('SIGTERM', () => void shop.close());

function readPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new Error(`PORT: expected a whole number from 0 to 65535, got ${JSON.stringify(text)}`);
}

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`${name} is not set: \`webpos pos create\` prints what it should be`);
  return value;
}
