/** The keys of the gateway that a database belongs to. A key file that is lost is never made anew in silence: what it sealed would be lost too. */
import { stat } from 'node:fs/promises';
import { OperatorError } from '../../kernel/operator-error.ts';
import { createKeyFile, readKeyFile, renewalPath, type GatewayKeys } from '../../security/key-file.ts';
import type { Store } from '../../store/ports/store.ts';
import { checkSecrets } from './check-stored.ts';

/** There is no key file, and there are POS whose secrets it would have to open. */
class KeyFileMissingError extends OperatorError {
  override readonly name = 'KeyFileMissingError';
}

interface Context {
  readonly store: Pick<Store, 'pos'>;
  readonly keyFile: string;
}

/**
 * Reads the key file, and makes it when no POS needs one yet.
 *
 * @throws KeyFileMissingError; OperatorError when the key file is that of another database, or cannot be used.
 */
export async function openKeys(context: Context): Promise<GatewayKeys> {
  return (await existingKeys(context)) ?? (await createKeyFile(context.keyFile));
}

/** The same, but makes nothing: undefined where {@link openKeys} would make a key file. */
export async function existingKeys({ store, keyFile }: Context): Promise<GatewayKeys | undefined> {
  const all = await store.pos.list();
  const keys = await readKeyFile(keyFile);
  if (keys === undefined) {
    if (all.length === 0) return undefined;
    const interrupted = (await isInterrupted(keyFile))
      ? ' A renewal of the key was interrupted: run webpos key renew again.'
      : '';
    throw new KeyFileMissingError(
      `no key file at ${keyFile} (WEBPOS_KEY_FILE), and ${all.length} POS whose secrets it opens.${interrupted} ` +
        'Restore it from your backup, or make a new one, and new secrets for every POS, with webpos key renew',
    );
  }
  for (const pos of all) checkSecrets(pos, keys);
  return keys;
}

/** Whether a renewal of the key was interrupted, so that nobody may have seen the secrets that are stored. */
export async function isInterrupted(keyFile: string): Promise<boolean> {
  return stat(renewalPath(keyFile)).then(
    () => true,
    () => false,
  );
}
