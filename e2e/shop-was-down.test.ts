/**
 * A shop that was down: nothing received its callbacks, and the gateway was restarted meanwhile. The feed returns everything that
 * it missed, in order, and continues while the gateway comes and goes.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig, startGateway, type Gateway } from '@webpos/gateway';
import { Client } from '@webpos/sdk';
import { events, type FailedRead, type FeedEvent } from '@webpos/sdk/events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSandboxPos } from '../scripts/support/sandbox-pos.ts';
import { gatewayFiles } from '../test/support/gateway-files.ts';

describe('a shop that was down', () => {
  let folder: string;
  let gateway: Gateway;
  let client: Client;
  let port = 0;
  const start = async (): Promise<void> => {
    gateway = await startGateway(
      readConfig({
        WEBPOS_PORT: String(port),
        ...gatewayFiles(folder),
        WEBPOS_LOG_LEVEL: 'silent',
        WEBPOS_SANDBOX_BLOCK_INTERVAL_S: '3600',
        WEBPOS_DANGEROUSLY_ALLOW_PRIVATE_CALLBACKS: 'true',
      }),
    );
    port = Number(new URL(gateway.url).port);
  };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'webpos-shop-down-'));
    await start();
    const pos = await createSandboxPos(gateway, 1);
    client = new Client({ mode: 'sandbox', ...pos, baseUrl: gateway.url, http: { timeoutMs: 20_000 } });
  });
  afterAll(async () => {
    await gateway?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Creates and pays an order. Nothing listens at its callback URL. */
  const paid = async (): Promise<string> => {
    const { uuid } = await client.createPaymentOrder({ amount: '10.00', callback_url: 'http://127.0.0.1:9/callback' });
    await client.paymentUpdate(uuid, { callback: 'payment.completed' });
    return uuid;
  };

  it('reads everything that it missed, including events before a restart of the gateway', async () => {
    const missed = [await paid(), await paid()];
    await gateway.stop();
    await start();
    missed.push(await paid());
    const read: string[] = [];
    for await (const { callback } of events(client)) {
      expect(callback).toMatchObject({ event: 'payment.completed', object: { state: { status: 'paid' } } });
      read.push(callback.object.uuid);
    }
    expect(read).toEqual(missed);
  });

  it('continues by itself while the gateway is away', async () => {
    const controller = new AbortController();
    const failed: FailedRead[] = [];
    const found: FeedEvent[] = [];
    let after: string | undefined;
    for await (const { cursor } of events(client)) after = cursor;
    const following = (async () => {
      const onFailure = (one: FailedRead): void => void failed.push(one);
      const options = { after, follow: true, intervalMs: 20, maxRetries: 0, onFailure, signal: controller.signal };
      for await (const event of events(client, options)) found.push(event);
    })();
    const first = await paid();
    await expect.poll(() => found.map(({ callback }) => callback.object.uuid)).toEqual([first]);
    await gateway.stop();
    await expect.poll(() => failed.length, { timeout: 10_000 }).toBeGreaterThan(2);
    await start();
    const second = await paid();
    await expect.poll(() => found.map(({ callback }) => callback.object.uuid), { timeout: 10_000 }).toEqual([first, second]);
    expect(failed[0]).toMatchObject({ error: { name: 'ConnectionError' } });
    controller.abort();
    await expect(following).rejects.toMatchObject({ name: 'AbortError' });
  });
});
