/** Checks that the database, the key and the marks of a backup belong together. */
import type { Network } from '../../kernel/chain.ts';
import { compareVersions, VERSION } from '../../kernel/version.ts';
import { keysOfText } from '../../security/key-file.ts';
import { unseal } from '../../security/seal.ts';
import type { CopiedDatabase } from '../../store/database-copy.ts';
import type { Marks } from '../../store/marks.ts';
import { walletId, type WalletId } from '../../wallet/wallet-id.ts';
import { accountWallet } from '../merchants/account-wallet.ts';

/** Returns a phrase for each fault; empty if they belong together. */
export function pairFaults(database: CopiedDatabase, keyText: string | undefined, marks: Marks): readonly string[] {
  return [...databaseFaults(database), ...keyFaults(database, keyText), ...marksFaults(database, marks)];
}

function databaseFaults({ faults, unknownMigrations, writers }: CopiedDatabase): readonly string[] {
  const found = faults.map((fault) => `the database is damaged: ${fault}`);
  const newer = writers.filter((writer) => (compareVersions(writer, VERSION) ?? 1) > 0);
  if (newer.length > 0 || unknownMigrations.length > 0)
    found.push(
      `the database was written by ${newer.length > 0 ? `WebPOS ${newer.join(', ')}` : 'a newer version of WebPOS'}` +
        `, and this is ${VERSION}${unknownMigrations.length > 0 ? `, which does not know its migrations ${unknownMigrations.join(', ')}` : ''}`,
    );
  return found;
}

function keyFaults({ pos }: CopiedDatabase, keyText: string | undefined): readonly string[] {
  if (keyText === undefined)
    return pos.length === 0 ? [] : [`the key file is missing, and ${pos.length} POS have secrets that only it decrypts`];
  const { seal } = keysOfText(keyText);
  return pos
    .filter(({ id, sealedSecrets }) => !sealedSecrets.every((sealed) => opens(sealed, id, seal)))
    .map(({ id, name }) => `the key file does not decrypt the secret of POS ${id} (${name})`);
}

function opens(sealed: string, owner: string, key: Uint8Array): boolean {
  try {
    unseal(sealed, owner, key);
    return true;
  } catch {
    return false;
  }
}

function marksFaults({ accounts }: CopiedDatabase, marks: Marks): readonly string[] {
  return accounts
    .filter((account) => account.nextIndex > (marks.get(walletOf(account))?.mark ?? 0))
    .map(({ id, name, nextIndex }) => `the mark of account ${id} (${name}) is below its next index ${nextIndex}`);
}

export function walletOf({ descriptor, network }: CopiedDatabase['accounts'][number]): WalletId {
  return walletId(accountWallet({ descriptor, network: network as Network }));
}
