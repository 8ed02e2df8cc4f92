/**
 * The key file: 32 random bytes in hex, made on the first start and readable by its owner alone. Every key that the
 * gateway needs for itself is derived from it, each for one purpose (HKDF, RFC 5869).
 */
import { hkdfSync, randomBytes } from 'node:crypto';
import { chmod, link, readFile, rm, stat, writeFile } from 'node:fs/promises';

/** The keys of one gateway. */
export interface GatewayKeys {
  /** Seals POS secrets at rest: AES-256. */
  readonly seal: Uint8Array;
  /** Signs access tokens: HMAC-SHA256. */
  readonly accessToken: Uint8Array;
  /** The seed of the Ed25519 key that signs id tokens. */
  readonly idToken: Uint8Array;
}

const KEY_TEXT = /^[0-9a-f]{64}\s*$/;

/**
 * Reads the key file, and makes it when there is none.
 *
 * @throws Error when the file holds something else, or others may read it.
 */
export async function loadKeyFile(path: string): Promise<GatewayKeys> {
  const text = (await read(path)) ?? (await create(path));
  if (!KEY_TEXT.test(text)) throw new Error(`KEY_FILE ${path}: expected 64 hex digits; the file holds something else`);
  return deriveKeys(Buffer.from(text.trim(), 'hex'));
}

/** All keys from one secret of 32 bytes. */
export function deriveKeys(secret: Uint8Array): GatewayKeys {
  const derive = (purpose: string): Uint8Array => new Uint8Array(hkdfSync('sha256', secret, '', `webpos ${purpose} v1`, 32));
  return { seal: derive('seal'), accessToken: derive('access token'), idToken: derive('id token') };
}

async function read(path: string): Promise<string | undefined> {
  try {
    const { mode } = await stat(path);
    if ((mode & 0o077) !== 0 && process.platform !== 'win32') {
      throw new Error(`KEY_FILE ${path}: expected mode 0600, got 0${(mode & 0o777).toString(8)}; run: chmod 600 ${path}`);
    }
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function create(path: string): Promise<string> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  try {
    await chmod(draft, 0o600);
    // A link fails where the file has come meanwhile: two first starts at once end with one key.
    await link(draft, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    await rm(draft, { force: true });
  }
  return readFile(path, 'utf8');
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
