/** A process that makes one call over `nodeFetch`, and prints the time from then until its exit. */
import { Client } from '../src/index.ts';
import { nodeFetch } from '../src/node/index.ts';
import { CERT } from './certificate.ts';
import { ORDER_UUID } from './gateway.ts';

const [baseUrl = '', proxy] = process.argv.slice(2);
const fetch = nodeFetch({ proxy, ca: CERT });
const client = new Client({ mode: 'sandbox', clientId: 'shop', secret: 'hush-hush', baseUrl, http: { fetch } });
const { uuid } = await client.getPaymentOrder(ORDER_UUID);
const answeredAtMs = performance.now();
process.on('exit', () => console.log(JSON.stringify({ uuid, exitedAfterMs: performance.now() - answeredAtMs })));
