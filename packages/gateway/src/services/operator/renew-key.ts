/**
 * Replaces the key file and the secrets of every POS, if the key is lost or known to others.
 *
 * The new key is first written beside the key file, as `webpos.key.renewal`. Then every secret is replaced in one transaction, and the
 * new key file is moved to its place. `webpos.key.renewal` is removed when the secrets have been shown. An interrupted renewal can be
 * run again without the old key, and without confirmation while `webpos.key.renewal` exists. It continues with the key of that file,
 * which may have sealed what is stored: a further one would take its place, and with it all that is known of the seals.
 */
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { standardSecret } from '../../callbacks/standard-key.ts';
import type { Clock } from '../../kernel/clock.ts';
import { errorCode } from '../../kernel/error-message.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import type { Pos } from '../../merchants/pos.ts';
import { KeyFileModeError, keysOfText, newKeyText, readKeyFile, renewalPath, type GatewayKeys } from '../../security/key-file.ts';
import { seal } from '../../security/seal.ts';
import type { Store } from '../../store/ports/store.ts';
import { syncFolder } from '../../store/sync-folder.ts';
import { reseal, type Unconfirmed } from '../seals/reseal.ts';
import { newSecret } from '../merchants/pos-secret.ts';
import { renewAccess } from '../people/renew-access.ts';
import { existingKeys, isInterrupted } from './open-keys.ts';

export interface RenewedPos {
  readonly pos: Pos;
  readonly secret: string;
  readonly webhookSecret: string;
}

export interface RenewedKey {
  readonly renewed: readonly RenewedPos[];
  /** What has no right seal. Accounts and POS sell nothing until the operator confirms them. */
  readonly unconfirmed: Unconfirmed;
  /** The new path of the previous key file, if there was one. */
  readonly replacedFile: string | undefined;
  /** Call it when the secrets have been shown. */
  readonly finish: () => Promise<void>;
}

export interface RenewKeyOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly keyFile: string;
  /** Whether to replace a key file that decrypts every secret. */
  readonly replaceWorkingKey: boolean;
}

/** Call it while no gateway is serving. @throws OperatorError if no POS exists, the present key works, or others may read a key. */
export async function renewKey({ store, clock, keyFile, replaceWorkingKey }: RenewKeyOptions): Promise<RenewedKey> {
  if ((await store.pos.list()).length === 0 && (await store.people.list('', 1)).length === 0)
    throw new OperatorError('key: no POS exists yet, so no secret is lost; webpos pos create creates a missing key file');
  if (!replaceWorkingKey && !(await isInterrupted(keyFile))) await refuseWorkingKey(store, keyFile);

  const draft = renewalPath(keyFile);
  const before = await knownKeys(keyFile, draft);
  const text = (await interruptedKey(keyFile, draft)) ?? newKeyText();
  await replaceFile(draft, text);
  const { renewed, unconfirmed } = await replaceSecrets({ store, clock }, text, before);
  const replacedFile = await moveAside(keyFile, new Date(clock.now()));
  await replaceFile(keyFile, text);
  return { renewed, unconfirmed, replacedFile, finish: () => rm(draft, { force: true }) };
}

async function refuseWorkingKey(store: Store, keyFile: string): Promise<void> {
  if ((await ifKnown(existingKeys({ store, keyFile }))) !== undefined)
    throw new OperatorError(
      `key: ${keyFile} decrypts the secret of every POS, so nothing is lost. If others know the key, use --replace-working-key to revoke every secret`,
    );
}

/** The keys that may have sealed what is stored: those of the key file, and those of a renewal that was interrupted. */
async function knownKeys(...paths: readonly string[]): Promise<GatewayKeys[]> {
  const found = await Promise.all(paths.map((path) => ifKnown(readKeyFile(path))));
  return found.flatMap((keys) => keys ?? []);
}

/** Returns undefined for a missing or invalid key. One that others may read is not lost: what it has sealed would be. */
async function ifKnown(reading: Promise<GatewayKeys | undefined>): Promise<GatewayKeys | undefined> {
  return reading.catch((error: unknown) => {
    if (error instanceof OperatorError && !(error instanceof KeyFileModeError)) return undefined;
    throw error;
  });
}

/** Returns the text of the key of an interrupted renewal; undefined if no renewal was interrupted, or its key is the key file already. */
async function interruptedKey(keyFile: string, draft: string): Promise<string | undefined> {
  const [present, drafted] = await Promise.all([keyFile, draft].map((path) => readFile(path, 'utf8').catch(() => undefined)));
  if (drafted === undefined || drafted === present) return undefined;
  return (await knownKeys(draft)).length === 1 ? drafted : undefined;
}

/** Skips the generations of both secrets, so that all previous access tokens are revoked, and seals everything with the new key. */
async function replaceSecrets(
  { store, clock }: Pick<RenewKeyOptions, 'store' | 'clock'>,
  keyText: string,
  before: readonly GatewayKeys[],
): Promise<Pick<RenewedKey, 'renewed' | 'unconfirmed'>> {
  const keys = keysOfText(keyText);
  return store.transaction(async (tx) => {
    const renewed: RenewedPos[] = [];
    for (const { id } of await tx.pos.list()) {
      const stored = await tx.pos.lock(id);
      if (stored === undefined) continue;
      const secret = newSecret();
      const pos: Pos = {
        ...stored,
        sealedSecret: seal(secret, id, keys.seal),
        generation: stored.generation + 2,
        rotation: null,
      };
      await tx.pos.update(pos);
      renewed.push({ pos, secret, webhookSecret: standardSecret(secret) });
    }
    await renewAccess(tx, before, keys);
    return { renewed, unconfirmed: await reseal({ tx, before, after: keys, clock }) };
  });
}

/** Keeps an existing key file under another name: it may belong to another database. */
async function moveAside(keyFile: string, now: Date): Promise<string | undefined> {
  const aside = `${keyFile}.replaced-${now.toISOString().replaceAll(/[:.]/g, '-')}`;
  try {
    await link(keyFile, aside);
    return aside;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function replaceFile(path: string, text: string): Promise<void> {
  const draft = `${path}.new`;
  await rm(draft, { force: true });
  await writeFile(draft, text, { mode: 0o600, flag: 'wx', flush: true });
  await rename(draft, path);
  await syncFolder(dirname(path));
}
