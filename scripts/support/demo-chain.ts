/** The two chains of the demo: the gateway's own sandbox, and a real node on regtest. */
import type { Gateway } from '@webpos/gateway';
import type { PaymentOrderCreationResponse } from '@webpos/sdk';
import { locateBitcoind } from '../../test/support/find-bitcoind.ts';
import { startRegtestNode } from '../../test/support/regtest-node.ts';

export interface DemoChain {
  readonly name: 'sandbox' | 'bitcoind';
  /** The gateway's settings for this chain. */
  readonly settings: Readonly<Record<string, string>>;
  /** Pays an order as its buyer, and makes sure that a block follows. */
  pay(gateway: Gateway, order: PaymentOrderCreationResponse): Promise<void>;
  stop(): Promise<void>;
}

/** @throws Error if the name is neither of the two, or no node is available. */
export async function openDemoChain(name: string): Promise<DemoChain> {
  if (name === 'sandbox') return sandbox;
  if (name === 'bitcoind') return openNode();
  throw new Error(`--chain: expected sandbox or bitcoind, got ${JSON.stringify(name)}`);
}

const sandbox: DemoChain = {
  name: 'sandbox',
  settings: { WEBPOS_CHAIN: 'sandbox' },
  pay: async (gateway, order) => {
    // The button on the sandbox's checkout page; the block follows by itself.
    const answer = await fetch(`${gateway.url}/checkout/${order.uuid}/sandbox/pay`, {
      method: 'POST',
      signal: AbortSignal.timeout(10_000),
    });
    if (!answer.ok) throw new Error(`the pay button of the sandbox's checkout page: expected success, got ${answer.status}`);
  },
  stop: async () => {},
};

async function openNode(): Promise<DemoChain> {
  const node = await startRegtestNode({ bitcoind: await locateBitcoind(), wallet: true, zmq: true });
  return {
    name: 'bitcoind',
    settings: {
      WEBPOS_CHAIN: 'bitcoind',
      WEBPOS_NETWORK: 'regtest',
      WEBPOS_BITCOIND_URL: node.url,
      WEBPOS_BITCOIND_COOKIE_FILE: node.cookieFile,
      ...(node.zmqSequence === undefined ? {} : { WEBPOS_BITCOIND_ZMQ_SEQUENCE: node.zmqSequence }),
    },
    pay: async (_gateway, order) => {
      const txid = await node.send(order.address, BigInt(order.amount));
      console.log(`the buyer's wallet sent ${txid}`);
      await node.mine(1);
    },
    stop: () => node.stop(),
  };
}
