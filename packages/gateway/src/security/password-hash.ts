/**
 * Password hashes: scrypt (RFC 7914) in Node's threads. Each hash names its parameters, so that they can be raised later. Those of new
 * hashes are one of the choices of OWASP's "Password Storage Cheat Sheet": 32 MiB, which a small server can spare.
 */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

interface Parameters {
  /** The base-2 logarithm of N. */
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

const PARAMETERS: Parameters = { ln: 15, r: 8, p: 3 };
/** What a stored hash may ask for, so that a changed row cannot exhaust the memory. */
const MAX: Parameters = { ln: 17, r: 8, p: 4 };
const KEY_BYTES = 32;
const SALT_BYTES = 16;
const HASH = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([\w-]{22,86})\$([\w-]{43})$/;

/** Hashes a password, as `$scrypt$ln=15,r=8,p=3$salt$key`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const key = await derive(password, salt, PARAMETERS);
  const { ln, r, p } = PARAMETERS;
  return `$scrypt$ln=${ln},r=${r},p=${p}$${salt.toString('base64url')}$${key.toString('base64url')}`;
}

/** @throws RangeError if the hash is not one of {@link hashPassword}, or asks for more than is allowed. */
export async function isPassword(password: string, hash: string): Promise<boolean> {
  const { parameters, salt, key } = parseHash(hash);
  return timingSafeEqual(await derive(password, salt, parameters), key);
}

/** A hash of no password, to do the same work for a login that does not exist. */
export const NO_PASSWORD: string = `$scrypt$ln=${PARAMETERS.ln},r=${PARAMETERS.r},p=${PARAMETERS.p}$${'A'.repeat(22)}$${'A'.repeat(43)}`;

function parseHash(hash: string): { readonly parameters: Parameters; readonly salt: Buffer; readonly key: Buffer } {
  const [, ln, r, p, salt = '', key = ''] = HASH.exec(hash) ?? [];
  const parameters = { ln: Number(ln), r: Number(r), p: Number(p) };
  const isWithin = (name: keyof Parameters): boolean => parameters[name] >= 1 && parameters[name] <= MAX[name];
  if (!(isWithin('ln') && isWithin('r') && isWithin('p')))
    throw new RangeError(`password hash: expected scrypt of at most ln=${MAX.ln},r=${MAX.r},p=${MAX.p}, got something else`);
  return { parameters, salt: Buffer.from(salt, 'base64url'), key: Buffer.from(key, 'base64url') };
}

function derive(password: string, salt: Uint8Array, { ln, r, p }: Parameters): Promise<Buffer> {
  const N = 2 ** ln;
  // Node's own limit is 32 MiB, which the tables of p blocks exceed.
  const options = { N, r, p, maxmem: 128 * r * (N + p + 2) + 1024 };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) => (error === null ? resolve(key) : reject(error)));
  });
}
