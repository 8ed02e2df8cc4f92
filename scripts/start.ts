/**
 * `npm start`: a sandbox gateway and a small shop beside it, so that anyone can buy something with sandbox bitcoin in the
 * browser. Needs nothing else installed; what it stores is below `.webpos/`.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { ConfigError, readConfig, startGateway, type Config, type Gateway } from '@webpos/gateway';
import { Client } from '@webpos/sdk';
import { startShop, type Shop } from 'demo-shop';
import { createSandboxPos, type ShopCredentials } from './support/sandbox-pos.ts';

const FOLDER = '.webpos';
const CREDENTIALS_FILE = `${FOLDER}/demo-shop.json`;

async function start(): Promise<void> {
  const config = readSandboxConfig();
  await mkdir(FOLDER, { recursive: true });
  const gateway = await startGateway(config);
  let shop: Shop;
  try {
    shop = await openShop(gateway, await credentialsFor(gateway));
  } catch (error) {
    await gateway.stop();
    throw error;
  }
  console.log(`WebPOS sandbox gateway   ${gateway.url}`);
  console.log(`Demo shop                ${shop.url}   <- open this, and buy something`);
  console.log('Stop with Ctrl+C.');
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  await shop.close();
  await gateway.stop();
}

function readSandboxConfig(): Config {
  const config = readConfig({
    WEBPOS_DATABASE_URL: `sqlite:./${FOLDER}/sandbox.db`,
    WEBPOS_KEY_FILE: `./${FOLDER}/sandbox.key`,
    WEBPOS_LOG_LEVEL: 'warn',
    // The shop is on this machine and has no certificate.
    WEBPOS_DANGEROUSLY_ALLOW_PRIVATE_CALLBACKS: 'true',
    ...process.env,
  });
  if (config.mode !== 'sandbox')
    throw new ConfigError('WEBPOS_MODE: npm start runs the sandbox, got live; for a live gateway run: npx webpos serve');
  return config;
}

/** The shop's credentials of an earlier start, as long as this gateway still knows them. */
async function credentialsFor(gateway: Gateway): Promise<ShopCredentials> {
  const kept = await readFile(CREDENTIALS_FILE, 'utf8').then(
    (text) => JSON.parse(text) as ShopCredentials,
    () => undefined,
  );
  if (kept !== undefined && (await gateway.context.store.pos.byClientId(kept.clientId)) !== undefined) return kept;
  const made = await createSandboxPos(gateway, 1);
  await writeFile(CREDENTIALS_FILE, JSON.stringify(made), { mode: 0o600 });
  return made;
}

async function openShop(gateway: Gateway, { clientId, secret }: ShopCredentials): Promise<Shop> {
  const client = new Client({ mode: 'sandbox', clientId, secret, baseUrl: gateway.url });
  const port = Number(process.env['SHOP_PORT'] ?? 8081);
  try {
    return await startShop({ host: '127.0.0.1', port, client, callbackSecret: secret });
  } catch (error) {
    const inUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    throw inUse
      ? new Error(`SHOP_PORT: port ${port} is in use by another program; stop that one, or set SHOP_PORT to another`)
      : error;
  }
}

try {
  await start();
} catch (error) {
  console.error(`npm start: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
