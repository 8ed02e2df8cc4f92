/** Opens the key file that belongs to a database. A lost one is never replaced silently, because the secrets that it encrypted would be lost. */
import { stat } from 'node:fs/promises';
import { OperatorError } from '../../kernel/operator-error.ts';
import { createKeyFile, readKeyFile, renewalPath, type GatewayKeys } from '../../security/key-file.ts';
import type { Store } from '../../store/ports/store.ts';
import { checkSecrets } from './check-stored.ts';

/** No key file exists, but POS whose secrets it would have to decrypt. */
class KeyFileMissingError extends OperatorError {
  override readonly name = 'KeyFileMissingError';
}

interface Context {
  readonly store: Pick<Store, 'pos'>;
  readonly keyFile: string;
}

/**
 * Reads the key file, or creates it if no POS exists yet.
 *
 * @throws KeyFileMissingError; OperatorError if the key file belongs to another database or cannot be used.
 */
export async function openKeys(context: Context): Promise<GatewayKeys> {
  return (await existingKeys(context)) ?? (await createKeyFile(context.keyFile));
}

/** Like {@link openKeys}, but returns undefined instead of creating a key file. */
export async function existingKeys(context: Context): Promise<GatewayKeys | undefined> {
  const { keys, posCount } = await readKeys(context);
  if (keys === undefined && posCount > 0) throw await missingError(context.keyFile, posCount);
  return keys;
}

/** Like {@link existingKeys}, but returns undefined also if the key file is missing that it takes to decrypt the secrets of POS. */
export async function keysIfAny(context: Context): Promise<GatewayKeys | undefined> {
  return (await readKeys(context)).keys;
}

async function readKeys({ store, keyFile }: Context): Promise<{ keys: GatewayKeys | undefined; posCount: number }> {
  // In this order: another process creates the key file before its first POS.
  const all = await store.pos.list();
  const keys = await readKeyFile(keyFile);
  if (keys !== undefined) for (const pos of all) checkSecrets(pos, keys);
  return { keys, posCount: all.length };
}

async function missingError(keyFile: string, posCount: number): Promise<KeyFileMissingError> {
  const interrupted = (await isInterrupted(keyFile)) ? ' A renewal of the key was interrupted: run webpos key renew again.' : '';
  return new KeyFileMissingError(
    `no key file at ${keyFile} (WEBPOS_KEY_FILE), but ${posCount} POS whose secrets only it decrypts.${interrupted} ` +
      'Restore it from your backup, or create a new key and new secrets for every POS with webpos key renew',
  );
}

/** Whether a renewal of the key was interrupted. Nobody may have seen the stored secrets then. */
export async function isInterrupted(keyFile: string): Promise<boolean> {
  return stat(renewalPath(keyFile)).then(
    () => true,
    () => false,
  );
}
