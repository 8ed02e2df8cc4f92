/** What the client library is tested against: a real gateway, and the fake platform. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ClientOptions } from '@webpos/sdk';
import { CallbackHandler, type CallbackEvent, type ReceivedCallback } from '@webpos/sdk/callbacks';
import { createFakePlatform } from '@webpos/sdk/testing';
import { createSandboxPos } from '../../scripts/support/sandbox-pos.ts';
import { openSandboxGateway } from '../../test/support/sandbox-gateway.ts';

export interface Platform {
  readonly options: ClientOptions;
  readonly callbackUrl: string;
  /** Returns the verified callbacks about an order so far. */
  received(uuid: string): Promise<readonly ReceivedCallback[]>;
  /** Returns the events about an order, once there are that many. */
  callbacksOf(uuid: string, count: number): Promise<CallbackEvent[]>;
  close(): Promise<void>;
}

export async function openGatewayPlatform(): Promise<Platform> {
  const sandbox = await openSandboxGateway({
    WEBPOS_LOG_LEVEL: 'silent',
    WEBPOS_DANGEROUSLY_ALLOW_PRIVATE_CALLBACKS: 'true',
  });
  const { gateway } = sandbox;
  const { clientId, secret } = await createSandboxPos(gateway, 1);
  const inbox = new Inbox(secret);
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      inbox.take(request.headers, Buffer.concat(parts)).then(
        () => response.writeHead(204).end(),
        () => response.writeHead(400).end(),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    options: { mode: 'sandbox', clientId, secret, baseUrl: gateway.url },
    callbackUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callbacks`,
    received: async (uuid) => inbox.of(uuid),
    callbacksOf: (uuid, count) => inbox.eventsOf(uuid, count),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await sandbox[Symbol.asyncDispose]();
    },
  };
}

export async function openFakePlatform(): Promise<Platform> {
  const secret = 'the secret of a fake POS';
  const inbox = new Inbox(secret);
  const platform = createFakePlatform({
    secret,
    deliver: async (request) => {
      await inbox.take(request.headers, new Uint8Array(await request.arrayBuffer()));
      return new Response(null, { status: 204 });
    },
  });
  return {
    options: platform.clientOptions,
    callbackUrl: 'https://shop.example/callbacks',
    received: async (uuid) => inbox.of(uuid),
    callbacksOf: (uuid, count) => inbox.eventsOf(uuid, count),
    close: async () => {},
  };
}

/** The shop's receiver of callbacks: verifies and stores them. */
class Inbox {
  readonly #handler: CallbackHandler;
  readonly #callbacks: ReceivedCallback[] = [];

  constructor(secret: string) {
    this.#handler = new CallbackHandler({ secret });
  }

  async take(headers: Parameters<CallbackHandler['parse']>[0], body: Uint8Array): Promise<void> {
    this.#callbacks.push(await this.#handler.parse(headers, body));
  }

  of(uuid: string): readonly ReceivedCallback[] {
    return this.#callbacks.filter(({ object }) => object.uuid === uuid);
  }

  async eventsOf(uuid: string, count: number): Promise<CallbackEvent[]> {
    const end = Date.now() + 10_000;
    while (this.of(uuid).length < count && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
    return this.of(uuid).map(({ event }) => event as CallbackEvent);
  }
}
