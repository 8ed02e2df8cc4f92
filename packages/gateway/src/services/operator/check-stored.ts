/** Checks at the start that the database belongs to this gateway: to its network and its key file. */
import type { Network } from '../../kernel/chain.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import type { Pos } from '../../merchants/pos.ts';
import type { LoginContext } from '../merchants/login.ts';
import { openSecret } from '../merchants/pos-secret.ts';
import { refuseOtherNetwork } from '../merchants/refuse-other-network.ts';

/**
 * @throws OperatorError if an account is on another network, so that nobody could pay its addresses, or if the secret of a POS was
 * encrypted with another key file, so that the POS could not log in and its callbacks could not be signed.
 */
export async function checkStored({
  store,
  network,
  keys,
}: Pick<LoginContext, 'store' | 'keys'> & { readonly network: Network }): Promise<void> {
  refuseOtherNetwork(await store.accounts.list(), network);
  for (const pos of await store.pos.list()) checkSecrets(pos, keys);
}

/** @throws OperatorError if the keys do not decrypt the secrets of the POS. */
export function checkSecrets(pos: Pos, keys: LoginContext['keys']): void {
  try {
    for (const secret of pos.rotation === null ? [pos] : [pos, pos.rotation]) openSecret(pos, secret, keys);
  } catch (cause) {
    throw new OperatorError(
      `WEBPOS_KEY_FILE: expected the key file of this database, got another: it does not decrypt the secret of POS ${pos.id} (${pos.name})`,
      { cause },
    );
  }
}
