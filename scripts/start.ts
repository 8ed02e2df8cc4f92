/**
 * `npm start`: a sandbox gateway and a shop beside it, so that anyone can buy something with test bitcoin in the browser and make a
 * first order by copying lines. Then every order, payment and callback is one line. It needs nothing else installed, and uses the same
 * database and key file as the `webpos` command.
 */
import { Client } from '@webpos/sdk';
import { issuePanelCode, startGateway, stopRequested, type Gateway, type HomeLink } from '@webpos/gateway';
import { startShop, type Shop } from 'demo-shop';
import { activityLine } from './support/start/activity-line.ts';
import { openDemoPos, type DemoPos } from './support/start/demo-pos.ts';
import { paintFor } from './support/start/paint.ts';
import { readStartSettings, type StartSettings } from './support/start/settings.ts';
import { farewell, welcome } from './support/start/welcome.ts';

async function start(): Promise<void> {
  const settings = readStartSettings(process.env);
  const { config } = settings;
  const paint = paintFor(process.stdout);
  let shop: Shop | undefined;
  const gateway = await startGateway(config, { homeLinks: () => (shop === undefined ? [] : [linkTo(shop)]) });
  try {
    const pos = await openDemoPos(gateway);
    shop = await openShop(gateway, pos, settings);
    await pos.pointTo(shop.url);
    const { secret: panelCode } = await issuePanelCode(gateway.context);
    const stop = stopRequested(process);
    console.log(welcome({ gatewayUrl: gateway.url, shopUrl: shop.url, panelCode, credentials: pos.credentials }, paint));
    gateway.onActivity((activity) => {
      const line = activityLine(activity, new Date(), paint);
      if (line !== undefined) console.log(line);
    });
    await stop;
  } finally {
    await shop?.close();
    await gateway.stop();
  }
  console.log(farewell(config));
}

async function openShop(gateway: Gateway, { credentials }: DemoPos, { shopPort: port }: StartSettings): Promise<Shop> {
  const { clientId, secret } = credentials;
  const client = new Client({ mode: 'sandbox', clientId, secret, baseUrl: gateway.url });
  try {
    return await startShop({ host: '127.0.0.1', port, client, callbackSecret: secret, gatewayUrl: gateway.url });
  } catch (error) {
    const isInUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    throw isInUse
      ? new Error(`SHOP_PORT: port ${port} is in use by another program; stop that one, or choose another port`)
      : error;
  }
}

function linkTo({ url }: Shop): HomeLink {
  return { title: 'Demo shop', text: 'Buy a coffee with test bitcoin, and see the signed callbacks arrive.', url };
}

try {
  await start();
} catch (error) {
  console.error(`npm start: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
