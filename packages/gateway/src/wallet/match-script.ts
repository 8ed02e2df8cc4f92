/** The script functions around the keys in a descriptor: which kind of address they make (BIP 380 to 386). */
import { SCRIPT_TEMPLATES, type ScriptTemplate } from './script-template.ts';
import { WalletError } from './wallet-error.ts';

/** What stands inside the brackets. */
export type MatchedScript =
  | { readonly kind: 'single'; readonly template: ScriptTemplate; readonly key: string }
  | { readonly kind: 'multisig'; readonly threshold: string; readonly keys: readonly string[] };

const MULTISIG = { open: 'wsh(sortedmulti(', close: '))' };
const SUPPORTED = [...SCRIPT_TEMPLATES.map(({ open, close }) => `${open}KEY${close}`), 'wsh(sortedmulti(k,KEY,...))'].join(', ');

/** Named in errors. Other words are not repeated: they may be part of a key. */
const KNOWN_FUNCTIONS = ['pk', 'pkh', 'wpkh', 'sh', 'wsh', 'tr', 'combo', 'multi', 'sortedmulti', 'addr', 'raw', 'rawtr'];

/**
 * Finds what a descriptor is made of.
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
  const functions = /^((?:[a-z]+\()+).*\)$/.exec(descriptor)?.[1];
  if (functions === undefined) throw wrong('syntax', 'no complete script function');
  const names = functions.split('(').slice(0, -1);
  if (!names.every((name) => KNOWN_FUNCTIONS.includes(name))) throw wrong('syntax', 'an unknown script function');
  throw wrong('unsupported', `${functions}...${')'.repeat(names.length)}, which is not supported`);
}

/** Undefined where another function stands at the begin, or directly inside. */
function inside(descriptor: string, { open, close }: { readonly open: string; readonly close: string }): string | undefined {
  if (!descriptor.startsWith(open) || !descriptor.endsWith(close)) return undefined;
  const content = descriptor.slice(open.length, -close.length);
  return /^[a-z]+\(/.test(content) ? undefined : content;
}

function count(text: string, char: string): number {
  return text.split(char).length - 1;
}

function wrong(code: 'syntax' | 'unsupported', got: string): WalletError {
  return new WalletError(code, 'descriptor', `expected ${SUPPORTED}, got ${got}`);
}
