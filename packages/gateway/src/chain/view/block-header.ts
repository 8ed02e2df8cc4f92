/**
 * Checks a Bitcoin block header by itself: its length, hash and proof of work. A chain that has left Bitcoin with a different
 * header format fails it.
 */
import { createHash } from 'node:crypto';
import type { BlockHash } from '../../kernel/chain.ts';
import { targetOf } from './compact-target.ts';
import { toDisplayHex } from './hash.ts';
import type { WorkRules } from './work-rules.ts';

/** A header is 80 bytes: version, previous hash, merkle root, time, bits, nonce. */
export const HEADER_BYTES = 80;

/** The hash of a block: the double SHA-256 of its header, in reversed byte order. */
export function hashOfHeader(header: Uint8Array): BlockHash {
  const once = createHash('sha256').update(header).digest();
  return createHash('sha256').update(once).digest().reverse().toString('hex') as BlockHash;
}

/** Returns what is wrong with the header that should have this hash, or undefined if nothing is. */
export function headerFault(header: Uint8Array, hash: BlockHash, { easiestBits }: WorkRules): string | undefined {
  if (header.length !== HEADER_BYTES) return `expected a header of ${HEADER_BYTES} bytes, got ${header.length}`;
  const actual = hashOfHeader(header);
  if (actual !== hash) return `expected a header whose double SHA-256 is ${hash}, got one with ${actual}`;
  const target = targetOf(bitsOfHeader(header));
  if (target === undefined || target > (targetOf(easiestBits) ?? 0n))
    return `expected a target that the network allows, got another`;
  if (BigInt(`0x${hash}`) > target) return `expected a proof of work at or below its target, got ${hash}`;
  return undefined;
}

/** The header's timestamp, in seconds since 1970. */
export function timeOfHeaderS(header: Uint8Array): number {
  return fieldAt(header, 68);
}

/** The target that the header claims, in compact form. */
export function bitsOfHeader(header: Uint8Array): number {
  return fieldAt(header, 72);
}

/** The block that the header builds on. */
export function previousOfHeader(header: Uint8Array): BlockHash {
  return toDisplayHex(header.subarray(4, 36)) as BlockHash;
}

function fieldAt(header: Uint8Array, offset: number): number {
  return new DataView(header.buffer, header.byteOffset, header.byteLength).getUint32(offset, true);
}
