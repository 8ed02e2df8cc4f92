/** The script functions around the keys in a descriptor, which determine the kind of address (BIP 380 to 386). */
import { SCRIPT_TEMPLATES, type ScriptTemplate } from '../script/script-template.ts';
import { WalletError } from '../wallet-error.ts';

/** The contents of the script function. */
export type MatchedScript =
  | { readonly kind: 'single'; readonly template: ScriptTemplate; readonly key: string }
  | { readonly kind: 'multisig'; readonly threshold: string; readonly keys: readonly string[] };

const MULTISIG = { open: 'wsh(sortedmulti(', close: '))' };
const SUPPORTED = [...SCRIPT_TEMPLATES.map(({ open, close }) => `${open}KEY${close}`), 'wsh(sortedmulti(k,KEY,...))'].join(', ');

/** Named in errors. Other words are not quoted, because they may be part of a key. */
const KNOWN_FUNCTIONS = new Set(
  // BIP 380 to 386 and 390, then the fragments of miniscript (BIP 379).
  (
    'pk pkh wpkh sh wsh tr combo multi sortedmulti multi_a sortedmulti_a addr raw rawtr musig ' +
    'pk_k pk_h older after sha256 hash256 ripemd160 hash160 andor and_v and_b and_n or_b or_c or_d or_i thresh'
  ).split(' '),
);

/**
 * Matches a descriptor against the supported scripts.
 *
 * @param descriptor without checksum.
 * @throws WalletError with code `unsupported` or `syntax`.
 * @example matchScript('wpkh(xpub6Cat.../0/*)') // { kind: 'single', template: P2WPKH, key: 'xpub6Cat.../0/*' }
 */
export function matchScript(descriptor: string): MatchedScript {
  if (count(descriptor, '(') !== count(descriptor, ')')) throw wrong('syntax', 'brackets that do not match');
  const multisig = inside(descriptor, MULTISIG);
  if (multisig !== undefined) {
    const [threshold = '', ...keys] = multisig.split(',');
    return { kind: 'multisig', threshold, keys };
  }
  for (const template of SCRIPT_TEMPLATES) {
    const key = inside(descriptor, template);
    if (key !== undefined) return { kind: 'single', template, key };
  }
  const functions = /^((?:[a-z][a-z0-9_]*\()+).*\)$/.exec(descriptor)?.[1];
  if (functions === undefined) throw wrong('syntax', 'no complete script function');
  const names = functions.split('(').slice(0, -1);
  if (!names.every((name) => KNOWN_FUNCTIONS.has(name))) throw wrong('syntax', 'an unknown script function');
  throw wrong('unsupported', `${functions}...${')'.repeat(names.length)}, which is not supported`);
}

/** Undefined if the descriptor is another function, or contains another one directly inside. */
function inside(descriptor: string, { open, close }: { readonly open: string; readonly close: string }): string | undefined {
  if (!descriptor.startsWith(open) || !descriptor.endsWith(close)) return undefined;
  const content = descriptor.slice(open.length, -close.length);
  return /^[a-z][a-z0-9_]*\(/.test(content) ? undefined : content;
}

function count(text: string, char: string): number {
  return text.split(char).length - 1;
}

function wrong(code: 'syntax' | 'unsupported', got: string): WalletError {
  return new WalletError(code, 'descriptor', `expected ${SUPPORTED}, got ${got}`);
}
