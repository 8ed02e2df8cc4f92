/**
 * The node goes away while the gateway runs: halted by an operator, and disconnected while the chain grows. The gateway continues
 * to serve, reports it, and catches up when the node is back.
 */
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Gateway } from '@webpos/gateway';
import { Client, type PaymentOrderRetrieval } from '@webpos/sdk';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createLog } from '../packages/gateway/src/ops/log.ts';
import { createSandboxPos } from '../scripts/support/sandbox-pos.ts';
import { findBitcoind } from '../test/support/find-bitcoind.ts';
import { startRegtestNode, type RegtestNode } from '../test/support/regtest-node.ts';
import { openSandboxGateway, type SandboxGateway } from '../test/support/sandbox-gateway.ts';

const bitcoind = await findBitcoind('node-outage.test.ts');

interface Health {
  readonly ready: boolean;
  readonly chain: { readonly height: number | null; readonly synced_at: string | null; readonly trouble: string | null };
}

// skip: no Bitcoin node was found; findBitcoind says so, and CI fails
describe.skipIf(bitcoind === undefined)('while the node is away', () => {
  let node: RegtestNode;
  let line: Line;
  let gateway: Gateway;
  let client: Client;
  let sandbox: SandboxGateway;
  const logLines: string[] = [];

  beforeAll(async () => {
    node = await startRegtestNode({ bitcoind: bitcoind!, wallet: true });
    line = await openLine(Number(new URL(node.url).port));
    sandbox = await openSandboxGateway(
      {
        WEBPOS_OPS_PORT: '0',
        WEBPOS_CHAIN: 'bitcoind',
        WEBPOS_BITCOIND_URL: line.url,
        WEBPOS_BITCOIND_COOKIE_FILE: node.cookieFile,
      },
      { log: createLog('info', { write: (text) => void logLines.push(text) }) },
    );
    ({ gateway } = sandbox);
    const { clientId, secret } = await createSandboxPos(gateway, 1);
    client = new Client({ mode: 'sandbox', clientId, secret, baseUrl: gateway.url });
    await assertReady();
  });
  afterAll(async () => {
    await sandbox?.[Symbol.asyncDispose]();
    await line?.close();
    await node?.stop();
  });

  async function readyz(): Promise<{ status: number; health: Health }> {
    const answer = await fetch(`${gateway.opsUrl}/readyz`, { signal: AbortSignal.timeout(5_000) });
    return { status: answer.status, health: (await answer.json()) as Health };
  }

  function assertReady(): Promise<Health> {
    return vi.waitFor(
      async () => {
        const { status, health } = await readyz();
        expect({ status, health }).toMatchObject({ status: 200, health: { ready: true, chain: { trouble: null } } });
        return health;
      },
      { timeout: 20_000, interval: 50 },
    );
  }

  /** @param trouble A part of what is reported in the end: a node that is stopping answers 503 for a moment. */
  function assertTroubled(trouble = ''): Promise<Health> {
    return vi.waitFor(
      async () => {
        const { status, health } = await readyz();
        expect({ status, health }).toMatchObject({
          status: 503,
          health: { ready: false, chain: { trouble: expect.stringContaining(trouble) as unknown } },
        });
        return health;
      },
      { timeout: 20_000, interval: 50 },
    );
  }

  function assertBecomes(uuid: string, state: Partial<PaymentOrderRetrieval['state']>): Promise<PaymentOrderRetrieval> {
    return vi.waitFor(
      async () => {
        const order = await client.getPaymentOrder(uuid);
        expect(order.state).toMatchObject(state);
        return order;
      },
      { timeout: 20_000, interval: 50 },
    );
  }

  it('the gateway continues to serve, reports it in /readyz and in the log, and recovers when the node returns with another cookie', async () => {
    const before = await assertReady();
    const logged = logLines.length;
    await node.halt();
    const { chain } = await assertTroubled(`bitcoind at ${line.url}`);
    // The last position is still reported.
    expect(chain).toMatchObject({ height: before.chain.height, synced_at: expect.any(String) as unknown });
    expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);

    const order = await client.createPaymentOrder({ amount: '10.00' });
    expect((await client.getPaymentOrder(order.uuid)).state.status).toBe('pending');
    expect((await fetch(order.redirect_url!)).status).toBe(200);

    await node.restart();
    await assertReady();
    const output = logLines.slice(logged).filter((text) => text.includes('watcher'));
    expect(output.map((text) => (JSON.parse(text) as { msg: string }).msg)).toEqual(
      expect.arrayContaining(['watcher: failed', 'watcher: works again']),
    );
    // Never a flood: a line at the 1st, 2nd, 4th ... failure.
    expect(output.length).toBeLessThan(12);

    await node.send(order.address, BigInt(order.amount));
    await node.mine(1);
    await assertBecomes(order.uuid, { status: 'paid' });
  });

  it('payments made meanwhile are found afterwards: in blocks, in the mempool, and in parts', async () => {
    const [inBlock, inMempool, inParts, made] = await Promise.all(
      ['10.00', '20.00', '30.00', '40.00'].map((amount) => client.createPaymentOrder({ amount })),
    );
    const { chain: before } = await assertReady();
    line.cut();
    await assertTroubled();

    const madeMeanwhile = await client.createPaymentOrder({ amount: '50.00' });
    const txid = await node.send(inBlock!.address, BigInt(inBlock!.amount));
    await node.send(madeMeanwhile.address, BigInt(madeMeanwhile.amount));
    await node.send(inParts!.address, BigInt(inParts!.amount) / 2n);
    await node.mine(20);
    await node.send(inParts!.address, BigInt(inParts!.amount) - BigInt(inParts!.amount) / 2n);
    await node.send(inMempool!.address, BigInt(inMempool!.amount));
    expect((await client.getPaymentOrder(inBlock!.uuid)).state.blockchain_status).toBe('pending');

    line.mend();
    const paid = await assertBecomes(inBlock!.uuid, { status: 'paid', blockchain_status: 'paid' });
    expect(paid.transactions).toMatchObject([{ txid, status: 'confirmed', outs_sum: inBlock!.amount }]);
    await assertBecomes(madeMeanwhile.uuid, { status: 'paid' });
    await assertBecomes(inMempool!.uuid, { status: 'pending', blockchain_status: 'mempool_unconfirmed' });
    const parts = await assertBecomes(inParts!.uuid, { blockchain_status: 'mempool_unconfirmed' });
    expect(parts.transactions).toHaveLength(2);
    await assertBecomes(made!.uuid, { status: 'pending', blockchain_status: 'pending' });
    expect((await assertReady()).chain.height).toBe(before.height! + 20);

    await node.mine(1);
    await assertBecomes(inMempool!.uuid, { status: 'paid' });
    await assertBecomes(inParts!.uuid, { status: 'paid' });
  });

  it('a reorganisation meanwhile is followed: a paid order enters a dispute, and leaves it again', async () => {
    const order = await client.createPaymentOrder({ amount: '10.00' });
    await node.send(order.address, BigInt(order.amount));
    const [block] = await node.mine(1);
    await assertBecomes(order.uuid, { status: 'paid' });

    line.cut();
    await assertTroubled();
    await node.rpc('invalidateblock', [block]);
    await node.rpc('generateblock', [await node.rpc('getnewaddress'), []]);
    line.mend();
    await assertBecomes(order.uuid, { status: 'network_dispute', blockchain_status: 'mempool_network_dispute' });

    await node.mine(1);
    await assertBecomes(order.uuid, { status: 'paid' });
  });
});

/** A connection to the node that can be cut while both ends run. */
interface Line {
  readonly url: string;
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

async function openLine(port: number): Promise<Line> {
  let isCut = false;
  const sockets = new Set<Socket>();
  const server: Server = createServer((near) => {
    if (isCut) return near.destroy();
    const far = connect(port, '127.0.0.1');
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
    return undefined;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = (): void => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    mend: () => {
      isCut = false;
    },
    close: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
