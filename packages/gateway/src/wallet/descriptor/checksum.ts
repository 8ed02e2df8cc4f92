/** The checksum of output descriptors, which detects typing errors (BIP 380, "Checksum"). */
import { WalletError } from '../wallet-error.ts';

/** All characters that a descriptor may contain. Their order is part of the algorithm. */
const INPUT_CHARSET = '0123456789()[],\'/*abcdefgh@:$%{}IJKLMNOPQRSTUVWXYZ&+-.;<=>?!^_|~ijklmnopqrstuvwxyzABCDEFGH`#"\\ ';
/** The alphabet of bech32. */
const CHECKSUM_CHARSET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATOR: readonly bigint[] = [0xf5dee51989n, 0xa9fdca3312n, 0x1bab10e32dn, 0x3706b1677an, 0x644d626ffdn];
const LENGTH = 8;

/**
 * Computes the 8 characters that follow `#` after a descriptor.
 *
 * @param payload the descriptor without `#` and checksum.
 * @throws WalletError with code `syntax` when a character is not allowed in a descriptor.
 * @example descriptorChecksum('raw(deadbeef)') // '89f8spxm'
 */
export function descriptorChecksum(payload: string): string {
  const remainder = symbols(payload).reduce(polymod, 1n);
  const sum = Array<number>(LENGTH).fill(0).reduce(polymod, remainder) ^ 1n;
  let text = '';
  for (let i = LENGTH - 1; i >= 0; i--) text += CHECKSUM_CHARSET[Number((sum >> BigInt(5 * i)) & 31n)];
  return text;
}

/** Returns `payload#checksum`, the form that other wallets import. */
export function withChecksum(payload: string): string {
  return `${payload}#${descriptorChecksum(payload)}`;
}

/**
 * Removes the checksum from a descriptor. The checksum is optional, but must be valid if present.
 *
 * @returns the descriptor without `#` and checksum.
 * @throws WalletError with code `checksum` and the expected checksum, or `syntax`.
 * @example withoutChecksum('raw(deadbeef)#89f8spxm') // 'raw(deadbeef)'
 */
export function withoutChecksum(descriptor: string): string {
  const mark = descriptor.indexOf('#');
  if (mark === -1) {
    symbols(descriptor);
    return descriptor;
  }
  const payload = descriptor.slice(0, mark);
  const given = descriptor.slice(mark + 1);
  const expected = descriptorChecksum(payload);
  if (given !== expected) {
    throw new WalletError(
      'checksum',
      'descriptor',
      `expected checksum "${expected}" after #, got ${describe(given)}; a character may be mistyped`,
    );
  }
  return payload;
}

/** Quotes only what has the form of a checksum: anything else may be part of a key. */
function describe(given: string): string {
  if (given.length !== LENGTH) return `${given.length} characters`;
  return [...given].every((char) => CHECKSUM_CHARSET.includes(char)) ? `"${given}"` : 'characters that a checksum cannot have';
}

/** BIP 380: each character gives its low 5 bits; the high bits of three characters together give one more symbol. */
function symbols(payload: string): number[] {
  const result: number[] = [];
  let group = 0;
  let grouped = 0;
  for (const [position, char] of [...payload].entries()) {
    const value = INPUT_CHARSET.indexOf(char);
    if (value === -1) {
      throw new WalletError(
        'syntax',
        'descriptor',
        `expected only characters that BIP 380 allows, got another at position ${position + 1}`,
      );
    }
    result.push(value & 31);
    group = group * 3 + (value >> 5);
    grouped += 1;
    if (grouped === 3) {
      result.push(group);
      group = 0;
      grouped = 0;
    }
  }
  if (grouped > 0) result.push(group);
  return result;
}

function polymod(state: bigint, symbol: number): bigint {
  const top = state >> 35n;
  let next = ((state & 0x7ffffffffn) << 5n) ^ BigInt(symbol);
  for (const [bit, generator] of GENERATOR.entries()) if ((top >> BigInt(bit)) & 1n) next ^= generator;
  return next;
}
