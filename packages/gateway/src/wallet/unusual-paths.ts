/**
 * Finds unusual paths in a wallet: addresses that the merchant's own wallet may never scan, or uses for its own change. A
 * descriptor with such a path is valid, so its registration must be confirmed explicitly.
 */
import type { Network } from '../kernel/chain.ts';
import type { ScriptType } from './account-wallet.ts';

/** The first step of an account's path by script type: BIP 44, 49, 84 and 86, and BIP 48 and 87 for several signers. */
const PURPOSES: Readonly<Record<ScriptType, readonly string[]>> = {
  p2pkh: ['44h'],
  'p2sh-p2wpkh': ['49h'],
  p2wpkh: ['84h'],
  p2tr: ['86h'],
  p2wsh: ['48h', '87h'],
};
const KNOWN_PURPOSES: ReadonlySet<string> = new Set(Object.values(PURPOSES).flat());

/** One key of a canonical descriptor: origin, and the path after the key. */
const KEY = /(?:\[[0-9a-f]{8}([^\]]*)\])?[xt]pub[1-9A-HJ-NP-Za-km-z]+((?:\/\d+)*)\/\*/g;

/**
 * @param descriptor canonical, as in `AccountWallet.descriptor`.
 * @returns a sentence for each oddity; empty for a normal wallet.
 * @example unusualPaths('wpkh([d34db33f/86h/0h/0h]xpub.../0/*)', 'p2wpkh', 'bitcoin') // ['its path begins with 86h, …']
 */
export function unusualPaths(descriptor: string, scriptType: ScriptType, network: Network): readonly string[] {
  const keys = [...descriptor.matchAll(KEY)].map(([, origin = '', branch = '']) => ({ origin, branch }));
  const found = keys.flatMap(({ origin }) => [...purposeFault(origin, scriptType), ...coinFault(origin, network)]);
  return [...new Set(found), ...branchFault(keys.map(({ branch }) => branch))];
}

function purposeFault(origin: string, scriptType: ScriptType): readonly string[] {
  const purpose = origin.split('/')[1] ?? '';
  if (!KNOWN_PURPOSES.has(purpose) || PURPOSES[scriptType].includes(purpose)) return [];
  return [`its path begins with ${purpose}, which wallets use for another kind of address than ${scriptType}`];
}

/** The coin type is the second step (BIP 44): 0h is Bitcoin, 1h every test network. */
function coinFault(origin: string, network: Network): readonly string[] {
  const [, purpose = '', coin] = origin.split('/');
  const expected = network === 'bitcoin' ? '0h' : '1h';
  if (!KNOWN_PURPOSES.has(purpose) || coin === undefined || coin === expected) return [];
  return [`its path has the coin type ${coin}; wallets of the network ${network} use ${expected}`];
}

function branchFault(branches: readonly string[]): readonly string[] {
  if (branches.some((branch) => branch !== '/1')) return [];
  return ['its branch is /1/*, which wallets use for their own change: change would pay orders; receiving addresses are at /0/*'];
}
