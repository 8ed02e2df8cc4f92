/**
 * Checks a Bitcoin block header by itself: its length, its name and its proof of work. A chain that has left Bitcoin
 * with other headers cannot pass.
 */
import { createHash } from 'node:crypto';
import type { BlockHash, Network } from '../../kernel/chain.ts';

/** A header is 80 bytes: version, previous hash, merkle root, time, bits, nonce. */
export const HEADER_BYTES = 80;

// The easiest target that each network allows (`powLimit` in src/kernel/chainparams.cpp of bitcoin/bitcoin).
const EASIEST_BITS: Record<Network, number> = {
  bitcoin: 0x1d00ffff,
  testnet4: 0x1d00ffff,
  signet: 0x1e0377ae,
  regtest: 0x207fffff,
};

/** The name of a block: the double SHA-256 of its header, in reversed byte order. */
export function hashOfHeader(header: Uint8Array): BlockHash {
  const once = createHash('sha256').update(header).digest();
  return createHash('sha256').update(once).digest().reverse().toString('hex') as BlockHash;
}

/** What is wrong with the header that is said to have this hash, or undefined where nothing is. */
export function headerFault(header: Uint8Array, hash: BlockHash, network: Network): string | undefined {
  if (header.length !== HEADER_BYTES) return `expected a header of ${HEADER_BYTES} bytes, got ${header.length}`;
  const actual = hashOfHeader(header);
  if (actual !== hash) return `expected a header whose double SHA-256 is ${hash}, got one with ${actual}`;
  const target = targetOf(fieldAt(header, 72));
  if (target === undefined || target > (targetOf(EASIEST_BITS[network]) ?? 0n))
    return `expected a target that the network allows, got another`;
  if (BigInt(`0x${hash}`) > target) return `expected a proof of work at or below its target, got ${hash}`;
  return undefined;
}

/** When the header says that it was made, in seconds since 1970. */
export function timeOfHeaderS(header: Uint8Array): number {
  return fieldAt(header, 68);
}

/** The target that compact `bits` stand for, or undefined where they stand for none (`arith_uint256::SetCompact`). */
export function targetOf(bits: number): bigint | undefined {
  const exponent = bits >>> 24;
  const mantissa = BigInt(bits & 0x007fffff);
  if ((bits & 0x00800000) !== 0) return undefined; // negative
  const target = exponent <= 3 ? mantissa >> BigInt(8 * (3 - exponent)) : mantissa << BigInt(8 * (exponent - 3));
  return target > 0n && target < 1n << 256n ? target : undefined;
}

function fieldAt(header: Uint8Array, offset: number): number {
  return new DataView(header.buffer, header.byteOffset, header.byteLength).getUint32(offset, true);
}
