import type { Network } from '../../kernel/chain.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import type { Account } from '../../merchants/account.ts';

/** The database holds accounts of another network. */
class OtherNetworkError extends OperatorError {
  override readonly name = 'OtherNetworkError';
}

/**
 * A database holds one network: nobody could pay the addresses of an account on another, and a gateway would not start.
 *
 * @throws OtherNetworkError that names the settings to change.
 */
export function refuseOtherNetwork(accounts: readonly Account[], network: Network): void {
  const stranger = accounts.find((account) => account.network !== network);
  if (stranger === undefined) return;
  throw new OtherNetworkError(
    `WEBPOS_MODE, WEBPOS_NETWORK: expected ${stranger.network}, the network of account ${stranger.id} (${stranger.name}) in this database, got ${network}. ` +
      `Set WEBPOS_DATABASE_URL and WEBPOS_KEY_FILE to files for ${network} alone, or go back to the mode and network of before`,
  );
}
