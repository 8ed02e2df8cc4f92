/** At the start: does what is stored belong to this gateway as it is set up now? */
import type { Network } from '../../kernel/chain.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import type { Pos } from '../../merchants/pos.ts';
import type { LoginContext } from '../merchants/login.ts';
import { openSecret } from '../merchants/pos-secret.ts';

/**
 * @throws OperatorError when an account is of another network, whose addresses nobody could pay, or when a secret of a POS
 * was sealed with another key file, so that it could not log in and no callback be signed.
 */
export async function checkStored({
  store,
  network,
  keys,
}: Pick<LoginContext, 'store' | 'keys'> & { readonly network: Network }): Promise<void> {
  const stranger = (await store.accounts.list()).find((account) => account.network !== network);
  if (stranger !== undefined) {
    throw new OperatorError(
      `WEBPOS_NETWORK: expected ${stranger.network}, the network of account ${stranger.id} (${stranger.name}) in this database, got ${network}`,
    );
  }
  for (const pos of await store.pos.list()) checkSecrets(pos, keys);
}

/** @throws OperatorError when the keys do not open the secrets of a POS. */
export function checkSecrets(pos: Pos, keys: LoginContext['keys']): void {
  try {
    for (const secret of pos.rotation === null ? [pos] : [pos, pos.rotation]) openSecret(pos, secret, keys);
  } catch (cause) {
    throw new OperatorError(
      `WEBPOS_KEY_FILE: expected the file that this database was made with, got another: it does not open the secret of POS ${pos.id} (${pos.name})`,
      { cause },
    );
  }
}
