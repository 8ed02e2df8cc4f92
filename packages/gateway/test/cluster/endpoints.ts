/** The endpoints of the shops, which verify and record every callback: one answers, one fails in every way, and one is slow. */
import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Arrival {
  readonly id: string;
  readonly orderId: string;
  readonly event: string;
  readonly body: string;
  /** In milliseconds of `performance.now()`. */
  readonly at: number;
}

type Kind = 'answers' | 'fails' | 'slow';
const KINDS: readonly Kind[] = ['answers', 'fails', 'slow'];
const MAX_DELAY_MS = 1_500;

export class Endpoints implements AsyncDisposable {
  /** All callbacks that arrived, in order, whether they were acknowledged or not. */
  readonly arrivals: Arrival[] = [];
  readonly wrong: string[] = [];
  /** The most callbacks that were under way to one endpoint at once. */
  maxUnderWay = 0;
  readonly #servers: readonly Server[];
  readonly #random: () => number;
  readonly #underWay = new Map<Kind, number>();
  #secrets: readonly string[] = [];
  #hasRecovered = false;

  private constructor(random: () => number) {
    this.#random = random;
    this.#servers = KINDS.map((kind, nth) =>
      createServer((request, response) => {
        this.#receive(request, response, kind, nth).catch(() => response.destroy());
      }),
    );
  }

  static async open(random: () => number): Promise<Endpoints> {
    const endpoints = new Endpoints(random);
    for (const server of endpoints.#servers) {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
    }
    return endpoints;
  }

  get ports(): readonly number[] {
    return this.#servers.map((server) => (server.address() as AddressInfo).port);
  }

  /** Sets the secret of the shop of each endpoint. */
  expect(secrets: readonly string[]): void {
    this.#secrets = secrets;
  }

  /** Acknowledges everything at once, or fails again. */
  recover(hasRecovered: boolean): void {
    this.#hasRecovered = hasRecovered;
  }

  async #receive(request: IncomingMessage, response: ServerResponse, kind: Kind, nth: number): Promise<void> {
    this.#count(kind, response);
    const body = Buffer.concat((await request.toArray()) as Buffer[]);
    this.#record(request, body, nth);
    if (this.#hasRecovered || kind === 'answers') response.end();
    else if (kind === 'slow') {
      await sleep(this.#random() * MAX_DELAY_MS);
      response.end();
    } else this.#fail(request, response);
  }

  #count(kind: Kind, response: ServerResponse): void {
    const underWay = (this.#underWay.get(kind) ?? 0) + 1;
    this.#underWay.set(kind, underWay);
    // The harness itself repeats claims that are under way when the endpoints recover.
    if (!this.#hasRecovered) this.maxUnderWay = Math.max(this.maxUnderWay, underWay);
    response.once('close', () => this.#underWay.set(kind, (this.#underWay.get(kind) ?? 1) - 1));
  }

  #fail(request: IncomingMessage, response: ServerResponse): void {
    const die = this.#random();
    if (die < 0.4) response.end();
    else if (die < 0.6) response.writeHead(500).end('out of order');
    else if (die < 0.75) request.socket.destroy();
    else if (die < 0.85) response.writeHead(302, { location: '/elsewhere' }).end();
    else if (die < 0.95) response.writeHead(503, { 'retry-after': '1' }).end();
    else response.writeHead(200, { 'content-length': '10' }).write('half');
  }

  #record(request: IncomingMessage, body: Buffer, nth: number): void {
    const key = createHash('sha256')
      .update(this.#secrets[nth] ?? '')
      .digest();
    const signature = createHmac('sha512', key).update(body).digest('base64');
    const text = body.toString();
    const id = String(request.headers['webhook-id']);
    if (request.headers['chainside-signature'] !== signature) this.wrong.push(`callback ${id} has a wrong signature`);
    const { event, object } = JSON.parse(text) as { event: string; object: { uuid: string } };
    this.arrivals.push({ id, orderId: object.uuid, event, body: text, at: performance.now() });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of this.#servers) server.close().closeAllConnections();
  }
}
