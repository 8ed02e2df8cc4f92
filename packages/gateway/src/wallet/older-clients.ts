/** Which published client libraries refuse an answer because of its address. */
import type { ScriptType } from './account-wallet.ts';

/**
 * The older libraries check addresses by a pattern: those for Python and Java take up to 44 characters, so neither taproot nor
 * script hashes in segwit; that for PHP takes base58 alone. Ours takes every address.
 *
 * @example olderClientsThatRefuse('p2tr') // ['Java', 'PHP', 'Python']
 */
export function olderClientsThatRefuse(scriptType: ScriptType): readonly string[] {
  switch (scriptType) {
    case 'p2pkh':
    case 'p2sh-p2wpkh':
      return [];
    case 'p2wpkh':
      return ['PHP'];
    case 'p2tr':
    case 'p2wsh':
      return ['Java', 'PHP', 'Python'];
  }
}
