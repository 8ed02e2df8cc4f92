/**
 * Authenticates the rows that grant access, and hashes the secrets that open it, with a key of the key file. So somebody who can write
 * to the database alone, but does not know the key, can neither raise a role nor add a password, passkey or session of their own.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

export type RowValue = string | number | boolean | null;

/** @param kind What the row is, such as `person`: the MAC of one kind never fits another. */
export function rowMac(key: Uint8Array, kind: string, values: readonly RowValue[]): string {
  return createHmac('sha256', key)
    .update(JSON.stringify([kind, ...values]))
    .digest('base64url');
}

export function hasRowMac(mac: string, key: Uint8Array, kind: string, values: readonly RowValue[]): boolean {
  const [expected, actual] = [Buffer.from(rowMac(key, kind, values)), Buffer.from(mac)];
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

/** Hashes a random secret, which needs no slow hash, for the place where it is used. */
export function secretHash(key: Uint8Array, kind: string, secret: string): string {
  return rowMac(key, `secret ${kind}`, [secret]);
}
