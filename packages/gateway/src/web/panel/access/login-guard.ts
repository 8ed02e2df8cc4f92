/**
 * Slows down guesses of passwords and codes. Failures count by address, by login at an address, and by login from everywhere; the last
 * does not concern browsers in which the person has logged in before, passkeys, and codes of `webpos panel login`, so that nobody who
 * knows a login can lock its owner out.
 */
import type { FastifyRequest } from 'fastify';

const EVERYWHERE = 'everywhere';

export interface Guess {
  /** What was typed as a login, or what else is guessed. */
  readonly target: string;
  readonly isKnownDevice: boolean;
}

/** @throws ContractError 2000 while there have been too many failures. */
export function refuseGuess({ caller }: FastifyRequest, { target, isKnownDevice }: Guess): void {
  caller?.limits?.guess(caller.address, target);
  if (!isKnownDevice) caller?.limits?.guessAnywhere(`${EVERYWHERE} ${target}`);
}

/** Counts a failure. @throws ContractError 2000 if there have been too many. */
export function countFailure({ caller }: FastifyRequest, { target, isKnownDevice }: Guess): void {
  const tooMany = caller?.limits?.failure(caller.address, target);
  if (!isKnownDevice) caller?.limits?.failureAnywhere(`${EVERYWHERE} ${target}`);
  if (tooMany !== undefined) throw tooMany;
}
