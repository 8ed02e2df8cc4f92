/**
 * The key file: 32 random bytes in hex, created on the first start or with the first account, and readable by its owner alone.
 * All keys that the gateway needs for itself are derived from it, each for one purpose (HKDF, RFC 5869).
 */
import { hkdfSync, randomBytes } from 'node:crypto';
import { chmod, link, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { OperatorError } from '../kernel/operator-error.ts';

/** The keys of one gateway. */
export interface GatewayKeys {
  /** Encrypts POS secrets at rest: AES-256. */
  readonly seal: Uint8Array;
  /** Signs access tokens: HMAC-SHA256. */
  readonly accessToken: Uint8Array;
  /** The seed of the Ed25519 key that signs id tokens. */
  readonly idToken: Uint8Array;
  /** Authenticates the audit log: HMAC-SHA256. */
  readonly audit: Uint8Array;
  /** Authenticates people, their access and what they log in with: HMAC-SHA256. */
  readonly people: Uint8Array;
  /** Authenticates accounts and addresses: HMAC-SHA256. */
  readonly wallet: Uint8Array;
  /** Authenticates links in e-mails, and derives the secrets of subscribers: HMAC-SHA256. */
  readonly notifications: Uint8Array;
}

/** Others may read the key file. */
export class KeyFileModeError extends OperatorError {
  override readonly name = 'KeyFileModeError';
}

const KEY_TEXT = /^[0-9a-f]{64}\s*$/;

/**
 * Reads the key file; undefined when it does not exist.
 *
 * @throws OperatorError when its content is invalid, others may read it, or it cannot be read.
 */
export async function readKeyFile(path: string): Promise<GatewayKeys | undefined> {
  const text = await read(path);
  return text === undefined ? undefined : parse(path, text);
}

/**
 * Creates a key file. If another process creates it at the same moment, that one is used: two concurrent first starts end with
 * one key.
 */
export async function createKeyFile(path: string): Promise<GatewayKeys> {
  return parse(path, await create(path));
}

/** Reads the key file, and creates it when it does not exist. */
export async function loadKeyFile(path: string): Promise<GatewayKeys> {
  return (await readKeyFile(path)) ?? (await createKeyFile(path));
}

/** Generates the text of a new key file. */
export function newKeyText(): string {
  return `${randomBytes(32).toString('hex')}\n`;
}

/** The path of the next key while the key is being renewed. */
export function renewalPath(path: string): string {
  return `${path}.renewal`;
}

/** @param text The contents of a key file. */
export function keysOfText(text: string): GatewayKeys {
  return deriveKeys(Buffer.from(text.trim(), 'hex'));
}

function parse(path: string, text: string): GatewayKeys {
  if (!KEY_TEXT.test(text)) throw new OperatorError(`KEY_FILE ${path}: expected 64 hex digits, got something else`);
  return keysOfText(text);
}

/** Derives all keys from one secret of 32 bytes. */
export function deriveKeys(secret: Uint8Array): GatewayKeys {
  const derive = (purpose: string): Uint8Array => new Uint8Array(hkdfSync('sha256', secret, '', `webpos ${purpose} v1`, 32));
  return {
    seal: derive('seal'),
    accessToken: derive('access token'),
    idToken: derive('id token'),
    audit: derive('audit'),
    people: derive('people'),
    wallet: derive('wallet'),
    notifications: derive('notifications'),
  };
}

async function read(path: string): Promise<string | undefined> {
  try {
    const { mode } = await stat(path);
    if ((mode & 0o077) !== 0 && process.platform !== 'win32') {
      throw new KeyFileModeError(
        `KEY_FILE ${path}: expected mode 0600, got 0${(mode & 0o777).toString(8)}; run: chmod 600 ${path}`,
      );
    }
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function create(path: string): Promise<string> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, newKeyText(), { mode: 0o600, flag: 'wx', flush: true });
  try {
    await chmod(draft, 0o600);
    // Linking fails if the file has been created meanwhile: two concurrent first starts end with one key.
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
