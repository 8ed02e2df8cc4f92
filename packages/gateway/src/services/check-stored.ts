/** At the start: does what is stored belong to this gateway as it is set up now? */
import { OperatorError } from '../kernel/operator-error.ts';
import type { LoginContext } from './login.ts';
import { posSecret } from './login.ts';
import type { ServiceContext } from './context.ts';

/**
 * @throws OperatorError when an account is of another network, whose addresses nobody could pay, or when the secrets of the
 * POS were sealed with another key file, so that nobody could log in and no callback be signed.
 */
export async function checkStored({
  store,
  network,
  keys,
}: Pick<ServiceContext & LoginContext, 'store' | 'network' | 'keys'>): Promise<void> {
  const stranger = (await store.accounts.list()).find((account) => account.network !== network);
  if (stranger !== undefined) {
    throw new OperatorError(
      `WEBPOS_NETWORK: expected ${stranger.network}, the network of account ${stranger.id} (${stranger.name}) in this database, got ${network}`,
    );
  }
  const [pos] = await store.pos.list();
  if (pos === undefined) return;
  try {
    posSecret(pos, keys);
  } catch (cause) {
    throw new OperatorError('WEBPOS_KEY_FILE: expected the file that this database was made with, got another', { cause });
  }
}
