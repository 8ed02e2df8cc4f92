import { HARDENED_OFFSET } from '@scure/bip32';
import { WalletError } from './wallet-error.ts';

/**
 * Checks that an index is that of an unhardened child (BIP 32).
 *
 * @throws WalletError with code `index` when the index is not an integer from 0 to 2^31 - 1.
 */
export function checkIndex(index: number): void {
  if (Number.isInteger(index) && index >= 0 && index < HARDENED_OFFSET) return;
  throw new WalletError(
    'index',
    'index',
    `expected a whole number from 0 to ${HARDENED_OFFSET - 1}, got ${typeof index === 'number' ? index : typeof index}`,
  );
}
