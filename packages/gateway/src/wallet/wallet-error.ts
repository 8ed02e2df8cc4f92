/** Errors of a merchant's key or descriptor, which explain how to fix it without revealing the key. */
import { OperatorError } from '../kernel/operator-error.ts';

/** The argument that an error is about. */
export type WalletField = 'descriptor' | 'xpub' | 'index';

/** The reasons for refusing a wallet. Programs branch on these; people read the message. */
export type WalletErrorCode =
  /** A private key, or what looks like one. It must not be stored, logged or sent back. */
  | 'private_key'
  /** A descriptor was given as an extended key, or vice versa. */
  | 'wrong_field'
  /** The descriptor's checksum (BIP 380) does not match its text. */
  | 'checksum'
  /** The text is not an output descriptor (BIP 380). */
  | 'syntax'
  /** A valid kind of descriptor or key that WebPOS does not support. */
  | 'unsupported'
  /** Not a valid extended public key (BIP 32, SLIP 132). */
  | 'extended_key'
  /** A valid extended public key, but not that of an account. */
  | 'not_account_key'
  /** The key belongs to another chain. */
  | 'network'
  /** The part in square brackets before the key is invalid. */
  | 'key_origin'
  /** The path after the key is invalid. */
  | 'path'
  /** A hardened step after an extended public key, which cannot be derived. */
  | 'hardened_path'
  /** The descriptor gives a single address only. */
  | 'not_ranged'
  /** An address index outside 0 to 2^31 - 1. */
  | 'index';

/**
 * A wallet that cannot be used. The message reads `field: expected ..., got ...`.
 *
 * It never contains the input, and for that reason has no `cause`: the underlying libraries quote the input that they fail on,
 * which may be a mistyped private key.
 *
 * @example
 * try { parseAccount({ descriptor }, 'bitcoin') } catch (error) { if (error instanceof WalletError) reply(error.code,
 * error.message) }
 */
export class WalletError extends OperatorError {
  override readonly name = 'WalletError';
  readonly code: WalletErrorCode;
  readonly field: WalletField;
  /** The message without the field. */
  readonly problem: string;

  constructor(code: WalletErrorCode, field: WalletField, problem: string) {
    super(`${field}: ${problem}`);
    this.code = code;
    this.field = field;
    this.problem = problem;
  }
}
