import type { Network } from '../../kernel/chain.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import type { Account } from '../../merchants/account.ts';

class OtherNetworkError extends OperatorError {
  override readonly name = 'OtherNetworkError';
}

/**
 * Refuses a database with accounts on another network. Nobody could pay their addresses, and the gateway would not start.
 *
 * @throws OtherNetworkError that names the settings to change.
 */
export function refuseOtherNetwork(accounts: readonly Account[], network: Network): void {
  const other = accounts.find((account) => account.network !== network);
  if (other === undefined) return;
  throw new OtherNetworkError(
    `WEBPOS_MODE, WEBPOS_NETWORK: expected ${other.network}, the network of account ${other.id} (${other.name}) in this database, got ${network}. ` +
      `Set WEBPOS_DATABASE_URL and WEBPOS_KEY_FILE to files for ${network} alone, or go back to the previous mode and network`,
  );
}
