import { ContractError } from '../../contract/contract-error.ts';

const RETRY_AFTER_S = 60;

/** What leads to an address is not authentic, so the address is not shown. */
export class UnverifiedError extends ContractError {
  constructor() {
    super('4006', 'no address can be shown: what leads to it is not authentic', { retryAfterS: RETRY_AFTER_S });
  }
}
