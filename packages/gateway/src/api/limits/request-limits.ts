/**
 * Who may ask how often (docs/adr/0008).
 *
 * - A client with a valid access token, or with the right secret at the login, is limited by its own rate alone. Nothing that
 *   others do from the same address stands in its way.
 * - Whoever is refused without having said who it is takes from the bucket of its address; once that is empty, further
 *   refusals say 2000 instead. What would succeed still does.
 * - A wrong secret takes from the bucket of that client at that address as well, which is a fifth as large.
 * - Checkout pages need no token: an address has a rate of them, large enough for the buyers behind a phone company's.
 */
import { ContractError } from '../../services/contract-error.ts';
import { networkOf } from './network-of.ts';
import { RateLimiter } from './rate-limiter.ts';

export interface RequestRates {
  /** Each a second; 0 is no limit. Ten seconds' worth may come at once. */
  readonly clientPerS: number;
  readonly failuresPerS: number;
  readonly pagesPerS: number;
}

/** Which limit was met. */
export type LimitName = 'client' | 'failures' | 'login' | 'pages';

export interface RequestLimitsOptions extends RequestRates {
  /** Milliseconds of a clock that never goes back. */
  readonly nowMs: () => number;
  /** Told of every request that was refused. */
  readonly refused?: (limit: LimitName) => void;
}

const BURST_S = 10;
const LOGINS_OF_FAILURES = 1 / 5;

export class RequestLimits {
  readonly #limiters: Readonly<Record<LimitName, RateLimiter>>;
  readonly #refused: (limit: LimitName) => void;

  constructor({ clientPerS, failuresPerS, pagesPerS, nowMs, refused }: RequestLimitsOptions) {
    const limiter = (perS: number): RateLimiter =>
      new RateLimiter({ rate: perS === 0 ? undefined : { perS, burst: Math.max(1, perS * BURST_S) }, nowMs });
    this.#limiters = {
      client: limiter(clientPerS),
      failures: limiter(failuresPerS),
      login: limiter(failuresPerS * LOGINS_OF_FAILURES),
      pages: limiter(pagesPerS),
    };
    this.#refused = refused ?? (() => undefined);
  }

  /** @throws ContractError 2000 when a client that is known asks too often. */
  client(id: string): void {
    this.#throwIf(this.#take('client', id));
  }

  /** @throws ContractError 2000 when an address asks for pages too often. */
  page(address: string): void {
    this.#throwIf(this.#take('pages', networkOf(address)));
  }

  /**
   * Counts a request that is refused.
   *
   * @param clientId Whose secret was wrong, if it was that.
   * @returns what to answer instead of the refusal, if there have been too many.
   */
  failure(address: string, clientId: string | undefined): ContractError | undefined {
    const network = networkOf(address);
    const waitS =
      this.#take('failures', network) ?? (clientId === undefined ? undefined : this.#take('login', `${network} ${clientId}`));
    return waitS === undefined ? undefined : tooMany(waitS);
  }

  #take(limit: LimitName, key: string): number | undefined {
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
