/** Why the form of a wallet was refused: the field, and the reason in words that are translated. */
import type { WalletFault, WalletFaultReason } from '@webpos/web';
import { OperatorError } from '../../../kernel/operator-error.ts';
import { MAX_NAME_CHARACTERS } from '../../../merchants/name.ts';
import { AccountExistsError } from '../../../services/merchants/create-account.ts';
import { EnteredAccountError, MAX_FIRST_INDEX } from '../../../services/seals/add-account.ts';
import { WalletError, type WalletErrorCode } from '../../../wallet/wallet-error.ts';

const OF_KEY: Readonly<Record<WalletErrorCode, WalletFaultReason>> = {
  private_key: 'private_key',
  wrong_field: 'syntax',
  checksum: 'checksum',
  syntax: 'syntax',
  unsupported: 'unsupported',
  extended_key: 'extended_key',
  not_account_key: 'not_account_key',
  network: 'network',
  key_origin: 'path',
  path: 'path',
  hardened_path: 'path',
  not_ranged: 'path',
  index: 'other',
};

/** @throws the error if it does not come from what was entered. */
export function walletFault(error: unknown): WalletFault {
  if (error instanceof WalletError) {
    const why = OF_KEY[error.code];
    return { field: 'key', why, detail: why === 'private_key' ? null : error.problem, max: null };
  }
  if (error instanceof EnteredAccountError) return ofEntered(error);
  if (error instanceof AccountExistsError) return { field: 'key', why: 'known', detail: error.message, max: null };
  if (error instanceof OperatorError) return { field: 'key', why: 'other', detail: error.message, max: null };
  throw error;
}

function ofEntered({ why, message }: EnteredAccountError): WalletFault {
  switch (why) {
    case 'name':
      return { field: 'name', why, detail: null, max: MAX_NAME_CHARACTERS };
    case 'first_index':
      return { field: 'first_index', why, detail: null, max: MAX_FIRST_INDEX };
    case 'unusual_path':
      return { field: 'key', why, detail: message, max: null };
  }
}
