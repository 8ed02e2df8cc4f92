/** The demo shop's POS in the gateway's database, found again by its name at the next start. */
import { changePos, openSecret, type Gateway, type Pos } from '@webpos/gateway';
import type { ShopCredentials } from '../create-shop.ts';
import { createSandboxPos } from '../sandbox-pos.ts';

const NAME = 'Little Roastery';
/** The shop's colour for its checkout page. */
const ACCENT = '#8a4317';

export interface DemoPos {
  readonly credentials: ShopCredentials;
  /** Sends the callbacks of orders without a URL to the shop, and lets its pages open the checkout as a dialog. */
  pointTo(shopUrl: string): Promise<void>;
}

export async function openDemoPos(gateway: Gateway): Promise<DemoPos> {
  const pos = (await findPos(gateway)) ?? (await makePos(gateway));
  const { store, keys } = gateway.context;
  return {
    credentials: { clientId: pos.clientId, secret: openSecret(pos, pos, keys) },
    pointTo: async (shopUrl) => {
      const orderUrl = `${shopUrl}/order`;
      const { port } = new URL(shopUrl);
      const origins = [shopUrl, `http://localhost:${port}`];
      await changePos(store, pos.id, (stored) => ({
        ...stored,
        transactionChanged: true,
        defaults: { ...stored.defaults, callbackUrl: `${shopUrl}/callbacks`, continueUrl: orderUrl, cancelUrl: orderUrl },
        look: { ...stored.look, origins },
      }));
    },
  };
}

async function findPos({ context }: Gateway): Promise<Pos | undefined> {
  return (await context.store.pos.list()).find(({ name, active }) => name === NAME && active);
}

async function makePos(gateway: Gateway): Promise<Pos> {
  const { clientId } = await createSandboxPos(gateway, 1, { accent: ACCENT }, NAME);
  const made = await gateway.context.store.pos.byClientId(clientId);
  if (made === undefined) throw new Error('the POS of the demo shop is missing that was just made');
  return made;
}
