/**
 * Shops that create, read and cancel orders at all processes at once. A creation that was not answered is sent again, to any process and
 * with the same Idempotency-Key, until it is.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ShopAccess } from '../kill/make-shops.ts';
import { pick } from '../kill/lives.ts';
import type { AcknowledgedOrder, Ledger } from './ledger.ts';
import { ShopClient, type Target } from './shop-client.ts';

export interface ShopsOptions {
  readonly access: readonly ShopAccess[];
  readonly targets: readonly Target[];
  readonly ledger: Ledger;
  readonly random: () => number;
  /** Whether an order that was acknowledged at this time may have been lost by a failover. */
  readonly mayBeLost: (order: Pick<AcknowledgedOrder, 'sentAt' | 'answeredAt'>) => boolean;
}

const CREATORS = 3;
const BURST_CREATORS = 16;
/** The pause of a creator between two orders, at most. */
const CREATION_PAUSE_MS = 240;

export class Shops {
  readonly #options: ShopsOptions;
  readonly #client: ShopClient;
  readonly #shopOf = new Map<string, ShopAccess>();
  #isOpen = false;
  #isAbandoned = false;
  /** How much longer the pauses between orders are. */
  pauseFactor = 1;
  #working: Promise<unknown> = Promise.resolve();

  constructor(options: ShopsOptions) {
    this.#options = options;
    this.#client = new ShopClient(options.ledger);
  }

  /** Begins to send requests. */
  open(): void {
    this.#isOpen = true;
    this.#isAbandoned = false;
    this.#working = Promise.all([...Array.from({ length: CREATORS }, () => this.#creates()), this.#reads(), this.#cancels()]);
  }

  /** Sends no new requests, and waits until all creations have been answered. @returns A violation if that takes too long. */
  async close(patienceMs: number): Promise<string[]> {
    this.#isOpen = false;
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.#isAbandoned = true;
    }, patienceMs);
    await this.#working;
    clearTimeout(timer);
    return isLate ? [`creations were not answered within ${patienceMs} ms, last with ${this.#options.ledger.lastRefusal}`] : [];
  }

  /** Creates one order at a process. */
  async createOne(target: Target): Promise<AcknowledgedOrder> {
    const shop = pick(this.#options.access, this.#options.random);
    const made = await this.#createAt(() => target, shop, randomUUID(), { amount: '10.00', required_confirmations: 1 });
    if (made === undefined) throw new Error('the shops were closed meanwhile');
    return made;
  }

  /** Creates many orders at once, at all processes, so that the leader makes many more addresses ready. */
  async burst(count: number): Promise<void> {
    let left = count;
    const create = async (): Promise<void> => {
      while (left > 0 && !this.#isAbandoned) {
        left -= 1;
        await this.createOne(pick(this.#options.targets, this.#options.random));
      }
    };
    await Promise.all(Array.from({ length: BURST_CREATORS }, create));
  }

  /** The headers of a creation, for other programs. */
  headers(target: Target): Promise<Record<string, string>> {
    return this.#client.headersOf(target, pick(this.#options.access, this.#options.random));
  }

  async #creates(): Promise<void> {
    const { random, access, targets, ledger } = this.#options;
    while (this.#isOpen) {
      await sleep(random() * CREATION_PAUSE_MS * this.pauseFactor);
      const shop = pick(access, random);
      const reference = randomUUID();
      const amount = pick(['10.00', '10.00', '3.50', '120.00'], random);
      const body = { amount, required_confirmations: Math.floor(random() * 3), reference };
      const twice = random() < 0.15;
      const answers = await Promise.all(
        (twice ? [0, 1] : [0]).map(() => this.#createAt(() => pick(targets, random), shop, reference, body)),
      );
      const ids = new Set(answers.flatMap((made) => made?.id ?? []));
      const lost = answers.some((made) => made !== undefined && this.#options.mayBeLost(made));
      if (ids.size > 1 && !lost) ledger.wrong.push(`the key ${reference} was answered with the orders ${[...ids].join(' and ')}`);
    }
  }

  async #createAt(next: () => Target, shop: ShopAccess, reference: string, body: object): Promise<AcknowledgedOrder | undefined> {
    const { ledger } = this.#options;
    for (let sent = 1; !this.#isAbandoned; sent += 1) {
      const target = next();
      const sentAt = performance.now();
      const answer = await this.#client.ask(target, shop, 'POST', '/payment-order', { key: reference, body });
      if (answer?.status === 201) {
        const { uuid: id, address, amount } = answer.body as { uuid: string; address: string; amount: number };
        const times = { sentAt, answeredAt: performance.now() };
        const made = { id, address, amount: BigInt(amount), reference, by: target.name, ...times };
        this.#shopOf.set(id, shop);
        ledger.orders.push(made);
        if (sent > 1) ledger.sentAgain += 1;
        return made;
      }
      if (answer !== undefined && answer.status !== 503)
        ledger.wrong.push(`${target.name}: a creation was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
      await sleep(40);
    }
    return undefined;
  }

  /** Checks that an acknowledged order can be read at every process at once. */
  async #reads(): Promise<void> {
    const { random, targets, ledger } = this.#options;
    while (this.#isOpen) {
      await sleep(random() * 150);
      const order = ledger.orders.at(-1 - Math.floor(random() * 8));
      const shop = order && this.#shopOf.get(order.id);
      if (order === undefined || shop === undefined) continue;
      const target = pick(targets, random);
      const answer = await this.#client.ask(target, shop, 'GET', `/payment-order/${order.id}`);
      if (answer === undefined || answer.status === 503) continue;
      const { address } = answer.body as { address?: string };
      if (address !== order.address && !this.#options.mayBeLost(order))
        ledger.wrong.push(
          `${target.name}: order ${order.id} of ${order.by} was read with the status ${answer.status} and the address ${address}`,
        );
    }
  }

  async #cancels(): Promise<void> {
    const { random, targets, ledger } = this.#options;
    while (this.#isOpen) {
      await sleep(random() * 700);
      const order = ledger.orders.at(-1 - Math.floor(random() * 6));
      const shop = order && this.#shopOf.get(order.id);
      if (order === undefined || shop === undefined) continue;
      const sentAt = performance.now();
      const answer = await this.#client.ask(pick(targets, random), shop, 'DELETE', `/payment-order/${order.id}`);
      if (answer?.status === 200) ledger.cancels.push({ id: order.id, sentAt, answeredAt: performance.now() });
    }
  }
}
