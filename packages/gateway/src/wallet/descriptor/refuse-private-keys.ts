/**
 * A gateway never holds a private key: text that contains one is refused before any other code handles it.
 *
 * Errs on the safe side: whatever might be a private key is refused, even mistyped. Text that is too mangled to recognise reaches
 * errors that do not quote it.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { createBase58check } from '@scure/base';
import { WalletError, type WalletField } from '../wallet-error.ts';

const base58check = createBase58check(sha256);

/**
 * Refuses text that contains an extended private key (BIP 32, SLIP 132), a WIF key, a 32-byte key in hex or a recovery phrase.
 *
 * @throws WalletError with code `private_key`, and without any part of the key.
 * @example refusePrivateKeys('wpkh(xprv9s21Zr...)', 'descriptor') // throws
 */
export function refusePrivateKeys(text: string, field: WalletField): void {
  const kind = PHRASE.test(text.trim())
    ? 'a recovery phrase'
    : text
        .split(/[^0-9A-Za-z]+/)
        .map(privateKind)
        .find(Boolean);
  if (kind === undefined) return;
  throw new WalletError(
    'private_key',
    field,
    `expected public keys only, got what looks like ${kind}. WebPOS never needs one: export the extended public key of the account. ` +
      'Treat a private key that was pasted into any web service as stolen, and move its coins',
  );
}

/** BIP 39 phrases have 12 to 24 words. */
const PHRASE = /^[a-z]{3,8}(?:\s+[a-z]{3,8}){11,23}$/i;
/** xprv, tprv and SLIP 132's others. No public form starts like this. */
const EXTENDED = /^[a-z]prv/i;
/** WIF: 51 characters uncompressed, 52 compressed; mainnet and testnet. Addresses and public keys have other lengths. */
const WIF = /^[5KL9c][1-9A-HJ-NP-Za-km-z]{50,51}$/;
/** BIP 38: encrypted, but still a private key. */
const ENCRYPTED = /^6P[1-9A-HJ-NP-Za-km-z]{56}$/;
/** Also matches an x-only public key (BIP 386), which looks the same and is not needed. */
const HEX32 = /^(?:0x)?[0-9a-f]{64}$/i;

function privateKind(word: string): string | undefined {
  if (EXTENDED.test(word)) return 'an extended private key';
  if (WIF.test(word) || ENCRYPTED.test(word)) return 'a private key in WIF';
  if (HEX32.test(word)) return 'a private key in hex';
  return privatePayload(word);
}

/** Catches unknown version bytes: of other coins, or public ones before a private key (BIP 32, test vector 5). */
function privatePayload(word: string): string | undefined {
  // The minimum of 40 excludes addresses; the maximum protects base58, which takes quadratic time, from long input.
  if (word.length < 40 || word.length > 120) return undefined;
  let payload: Uint8Array;
  try {
    payload = base58check.decode(word);
  } catch {
    return undefined;
  }
  // BIP 32: version 4, depth 1, fingerprint 4, child number 4, chain code 32, then 0x00 and the private key.
  if (payload.length === 78 && payload[45] === 0) return 'an extended private key';
  if (payload.length === 33 || (payload.length === 34 && payload[33] === 1)) return 'a private key in WIF';
  return undefined;
}
