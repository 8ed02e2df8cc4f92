/**
 * Challenges for passkeys: random, and authenticated with what they are for and when they expire, so that nothing is stored before one is
 * answered (docs/adr/0069).
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { epochMs, type EpochMs } from '../kernel/clock.ts';
import { MINUTE_MS } from '../kernel/durations.ts';
import { rowMac } from './row-mac.ts';

const LIFE_MS = 5 * MINUTE_MS;
const NONCE_BYTES = 16;
const TIME_BYTES = 6;

/** @param purpose What it is for, such as `confirm` with the id of a session. @returns base64url. */
export function newChallenge(key: Uint8Array, purpose: string, now: EpochMs): string {
  const content = Buffer.concat([randomBytes(NONCE_BYTES), Buffer.alloc(TIME_BYTES)]);
  content.writeUIntBE(now + LIFE_MS, NONCE_BYTES, TIME_BYTES);
  return Buffer.concat([content, macOf(key, purpose, content)]).toString('base64url');
}

/** Returns when a challenge expires; undefined if it has, or was not made with this key for this purpose. */
export function challengeExpiry(key: Uint8Array, purpose: string, challenge: string, now: EpochMs): EpochMs | undefined {
  const bytes = Buffer.from(challenge, 'base64url');
  const content = bytes.subarray(0, NONCE_BYTES + TIME_BYTES);
  const mac = bytes.subarray(NONCE_BYTES + TIME_BYTES);
  const expected = macOf(key, purpose, content);
  if (mac.length !== expected.length || !timingSafeEqual(mac, expected)) return undefined;
  const expiresAt = epochMs(content.readUIntBE(NONCE_BYTES, TIME_BYTES));
  return expiresAt > now ? expiresAt : undefined;
}

function macOf(key: Uint8Array, purpose: string, content: Buffer): Buffer {
  return Buffer.from(rowMac(key, `challenge ${purpose}`, [content.toString('base64url')]), 'base64url');
}
