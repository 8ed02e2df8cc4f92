/**
 * Rate limits for requests (docs/adr/0008).
 *
 * - A client with a valid access token, or with the right secret at login, is limited by its own rate alone, whatever
 *   others do from the same address.
 * - Each refused unauthenticated request takes from the bucket of its address. Once that is empty, further refusals
 *   answer 2000 instead. Requests that would succeed still do.
 * - While that bucket is empty, possible guesses (a secret, token or code that was not valid before) are not looked up.
 * - Processes that share a database count refusals together, with a delay of a second; everything else each for itself.
 * - A wrong password of a person also takes from the bucket of that login, which browsers that know the person are exempt from.
 * - A wrong secret also takes from the bucket of that client at that address, which is a fifth as large.
 * - The orders that a client's pages deep inside of lists pass have a rate of their own, so that reading them never keeps a shop from
 *   creating orders.
 * - Checkout pages need no token: each address has a rate for them, large enough for the buyers behind a mobile carrier's.
 * - Payment links need no token either, and every order takes an address of a wallet: each address, and each link, has a small rate.
 */
import type { LimitName } from './limit-names.ts';
import { ContractError } from '../../contract/contract-error.ts';
import { networkOf } from './network-of.ts';
import type { Rate } from './rate-limit.ts';
import { RateLimiter, type SharedBuckets } from './rate-limiter.ts';

export interface RequestRates {
  /** Each per second; 0 means no limit. A burst of ten seconds' worth is allowed. */
  readonly clientPerS: number;
  readonly failuresPerS: number;
  readonly pagesPerS: number;
}

export interface RequestLimitsOptions extends RequestRates {
  /** Counts the refusals of all processes that share the database. Default: this process is alone. */
  readonly refusals?: SharedBuckets | undefined;
  /** A monotonic clock in milliseconds. */
  readonly nowMs: () => number;
  /** Called for every refused request. */
  readonly refused?: (limit: LimitName) => void;
}

/** Test events are counted where they are sent. */
type Limit = Exclude<LimitName, 'tests'>;

const BURST_S = 10;
/** A request for one order takes as long as to pass these in a list. */
const ORDERS_PER_REQUEST = 1_000;
const LOGINS_OF_FAILURES = 1 / 5;
/** Orders of links: at an event, several buyers have one address. */
const LINK_ORDERS_OF_ADDRESS: Rate = { perS: 1 / 20, burst: 10 };
const LINK_ORDERS_OF_LINK: Rate = { perS: 1, burst: 60 };
/** Twenty at once, and then one in 50 seconds: few enough against a password, and refused to strangers only. */
const PEOPLE_OF_FAILURES = 1 / 500;
const PEOPLE_BURST = 20;

export class RequestLimits {
  readonly #limiters: Readonly<Record<Limit, RateLimiter>>;
  readonly #passing: RateLimiter;
  readonly #linkOrders: RateLimiter;
  readonly #refused: (limit: LimitName) => void;

  constructor({ clientPerS, failuresPerS, pagesPerS, nowMs, refused, refusals }: RequestLimitsOptions) {
    const limiter = (perS: number, shared?: SharedBuckets): RateLimiter =>
      new RateLimiter({ rate: perS === 0 ? undefined : { perS, burst: Math.max(1, perS * BURST_S) }, nowMs, shared });
    this.#limiters = {
      client: limiter(clientPerS),
      failures: limiter(failuresPerS, refusals),
      login: limiter(failuresPerS * LOGINS_OF_FAILURES, refusals),
      people: new RateLimiter({
        rate: failuresPerS === 0 ? undefined : { perS: failuresPerS * PEOPLE_OF_FAILURES, burst: PEOPLE_BURST },
        nowMs,
        shared: refusals,
      }),
      pages: limiter(pagesPerS),
      links: new RateLimiter({ rate: pagesPerS === 0 ? undefined : LINK_ORDERS_OF_ADDRESS, nowMs }),
    };
    this.#linkOrders = new RateLimiter({ rate: pagesPerS === 0 ? undefined : LINK_ORDERS_OF_LINK, nowMs });
    this.#passing = limiter(clientPerS);
    this.#refused = refused ?? (() => undefined);
  }

  /** @throws ContractError 2000 when an authenticated client exceeds its rate. */
  client(id: string): void {
    this.#throwIf(this.#take('client', id));
  }

  /**
   * Counts the orders that a page of an authenticated client passes, as one request for each {@link ORDERS_PER_REQUEST} of them.
   *
   * @param before How many orders the page has passed before. Later parts are counted even if nothing is left of the rate.
   * @throws ContractError 2000 when the page begins while nothing is left.
   */
  passOrders(id: string, orders: number, before: number): void {
    const counted = Math.floor(before / ORDERS_PER_REQUEST);
    const cost = Math.floor((before + orders) / ORDERS_PER_REQUEST) - counted;
    if (cost === 0) return;
    const waitS = counted === 0 ? this.#passing.look(id) : undefined;
    if (waitS !== undefined) this.#refused('client');
    this.#throwIf(waitS);
    this.#passing.owe(id, cost);
  }

  /** @throws ContractError 2000 when an address exceeds its rate for pages. */
  page(address: string): void {
    this.#throwIf(this.#take('pages', networkOf(address)));
  }

  /** @throws ContractError 2000 when an address opens too many orders of payment links, or a link has too many opened. */
  linkOrder(address: string, linkId: string): void {
    this.#throwIf(this.#take('links', networkOf(address)));
    const waitS = this.#linkOrders.take(linkId);
    if (waitS !== undefined) this.#refused('links');
    this.#throwIf(waitS);
  }

  /**
   * Counts a refused request.
   *
   * @param clientId The client whose secret was wrong, if that was the reason.
   * @returns what to answer instead of the refusal, if there have been too many.
   */
  failure(address: string, clientId: string | undefined): ContractError | undefined {
    const network = networkOf(address);
    const waitS =
      this.#take('failures', network) ?? (clientId === undefined ? undefined : this.#take('login', `${network} ${clientId}`));
    return waitS === undefined ? undefined : tooMany(waitS);
  }

  /** Takes nothing. @throws ContractError 2000 while the refusals of an address, or of a client at it, are used up. */
  guess(address: string, clientId: string | undefined): void {
    const network = networkOf(address);
    this.#throwIf(this.#look('failures', network));
    if (clientId !== undefined) this.#throwIf(this.#look('login', `${network} ${clientId}`));
  }

  /** Counts a wrong password of a person, from whatever address it came. */
  failureAnywhere(login: string): void {
    this.#take('people', login);
  }

  /** Takes nothing. @throws ContractError 2000 while the failures of a login, from all addresses, are used up. */
  guessAnywhere(login: string): void {
    this.#throwIf(this.#look('people', login));
  }

  #look(limit: Limit, key: string): number | undefined {
    const waitS = this.#limiters[limit].look(key);
    if (waitS !== undefined) this.#refused(limit);
    return waitS;
  }

  #take(limit: Limit, key: string): number | undefined {
    const waitS = this.#limiters[limit].take(key);
    if (waitS !== undefined) this.#refused(limit);
    return waitS;
  }

  #throwIf(waitS: number | undefined): void {
    if (waitS !== undefined) throw tooMany(waitS);
  }
}

function tooMany(waitS: number): ContractError {
  return new ContractError('2000', `too many requests: try again in ${waitS} s`, { retryAfterS: waitS });
}
