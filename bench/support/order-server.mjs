/**
 * A process that answers /token with a login and everything else with an order, over kept-alive HTTP; it reports its port to its
 * parent.
 */
import { createServer } from 'node:http';
import process from 'node:process';

const at = '2026-11-23T18:00:00.000Z';
const rate = { source: 'fixed', value: '60000.00', created_at: at };
const order = {
  id: 'x',
  uuid: '0b7bd9b9-2a4f-4c0e-9f4b-1d9b6f8f2a11',
  address: 'tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx',
  uri: 'bitcoin:tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx?amount=0.00016667',
  amount: '10.00',
  btc_amount: 16_667,
  currency: { uuid: '5b3fb7f2-5d5a-4c8e-8f0a-3c1f3cf4a001', name: 'EUR', type: 'fiat' },
  rate,
  state: { status: 'pending', blockchain_status: 'pending', paid: null, in_confirmation: null, unpaid: null },
  transactions: [],
  required_confirmations: 1,
  created_at: at,
  created_by: {
    uuid: '5b3fb7f2-5d5a-4c8e-8f0a-3c1f3cf4a002',
    name: 'web',
    type: 'web',
    deposit_account: { uuid: '5b3fb7f2-5d5a-4c8e-8f0a-3c1f3cf4a003', name: 'till', type: 'bitcoin' },
  },
  expiration_time: at,
  expires_in: 600,
  resolved_at: null,
  dispute_start_date: null,
  chargeback_date: null,
  reference: 'cart 42',
};
const login = { access_token: 'token-1', token_type: 'Bearer', expires_in: 36_000, id_token: 'a.b.c', scope: '*' };
const [orderBytes, loginBytes] = [order, login].map((value) => Buffer.from(JSON.stringify(value)));

const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    const bytes = request.url === '/token' ? loginBytes : orderBytes;
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length, 'x-request-id': 'r-1' });
    response.end(bytes);
  });
});
// Longer than a contender waits for its turn: a bare `fetch` fails if the server closes a connection just as it is used.
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () => process.send?.(server.address().port));
process.on('disconnect', () => process.exit());
