/** The lines with which a developer creates a first order, complete for pasting into a terminal. */
import type { ShopCredentials } from '../create-shop.ts';

/** Returns the lines that set the credentials for both examples below. */
export function credentialsLines(gatewayUrl: string, { clientId, secret }: ShopCredentials): string {
  return `export WEBPOS_URL=${gatewayUrl}
export WEBPOS_CLIENT_ID=${clientId}
export WEBPOS_SECRET=${secret}`;
}

export const CURL_LINES: string = String.raw`TOKEN=$(curl -s $WEBPOS_URL/token -u $WEBPOS_CLIENT_ID:$WEBPOS_SECRET -d grant_type=client_credentials | cut -d'"' -f4)
curl -s $WEBPOS_URL/payment-order -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '{"amount": "3.50"}'`;

/** Five lines of TypeScript, and the commands that save and run them. */
export const TYPESCRIPT_LINES: string = `cat > first-order.ts <<'END'
import { Client } from '@webpos/sdk';
const { WEBPOS_URL: baseUrl, WEBPOS_CLIENT_ID: clientId = '', WEBPOS_SECRET: secret = '' } = process.env;
const client = new Client({ mode: 'sandbox', clientId, secret, baseUrl });
const order = await client.createPaymentOrder({ amount: '3.50' });
console.log('Pay here:', order.redirect_url);
END
npx tsx -C webpos-source first-order.ts`;
