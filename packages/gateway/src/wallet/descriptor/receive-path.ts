/**
 * The path after an extended key in a ranged descriptor. Only the receiving branch is used: of `<0;1>` (BIP 389), the first is
 * for receiving and the others are for change, which a watch-only wallet does not use.
 */
import { HARDENED_OFFSET } from '@scure/bip32';
import { WalletError } from '../wallet-error.ts';

/** The path from a key to its receiving branch. */
export interface ReceivePath {
  /** The child numbers of the receiving branch, without the `*`. */
  readonly branch: readonly number[];
  /**
   * How many branches `<a;b>` names; 1 without one. All keys of a descriptor with several branches must have the same number (BIP
   * 389).
   */
  readonly branches: number;
}

/**
 * Parses the steps between the key and the last one, `*`, which stands for the address index.
 *
 * @param path the text after the key, with its leading slash; may be empty.
 * @throws WalletError with code `not_ranged`, `hardened_path` or `path`.
 * @example parseReceivePath('/<0;1>/*') // { branch: [0], branches: 2 }
 */
export function parseReceivePath(path: string): ReceivePath {
  if (/[h']/.test(path)) {
    throw new WalletError(
      'hardened_path',
      'descriptor',
      'expected no hardened step after an extended public key (only its owner can derive those), got one',
    );
  }
  const steps = path.split('/').slice(1);
  if (steps.filter((step) => step.includes('<') || step.includes('>')).length > 1) throw wrong('at most one <a;b>', 'more');
  if (steps.pop() !== '*') {
    throw new WalletError(
      'not_ranged',
      'descriptor',
      'expected a path that ends in /*, as in /0/*, which gives every order its own address, got another ending',
    );
  }
  const choices = steps.map((step) => (/[<>]/.test(step) ? choicesOf(step) : ([childNumber(step)] as const)));
  return {
    branch: choices.map(([receive]) => receive),
    branches: Math.max(1, ...choices.map((step) => step.length)),
  };
}

function choicesOf(step: string): readonly [number, ...number[]] {
  const branches = /^<([^<>]*)>$/.exec(step)?.[1]?.split(';') ?? [];
  const numbers = branches.map(childNumber);
  const [receive, ...others] = numbers;
  if (receive === undefined || others.length === 0)
    throw wrong('<a;b> to hold at least two steps', 'fewer, or an unmatched bracket');
  if (new Set(numbers).size !== numbers.length) throw wrong('the steps in <a;b> to differ', 'one of them twice');
  return [receive, ...others];
}

function childNumber(step: string): number {
  const child = /^\d{1,10}$/.test(step) ? Number(step) : HARDENED_OFFSET;
  if (child >= HARDENED_OFFSET) throw wrong('steps of 0 to 2147483647', 'something else');
  return child;
}

function wrong(expected: string, got: string): WalletError {
  return new WalletError('path', 'descriptor', `expected ${expected} in the path after the key, got ${got}`);
}
