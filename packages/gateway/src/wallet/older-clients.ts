/** Which published client libraries reject an answer because of its address. */
import type { ScriptType } from './account-wallet.ts';

/**
 * The older libraries validate addresses with a pattern: those for Python and Java accept up to 44 characters, so neither taproot
 * nor segwit script hashes; the one for PHP accepts only base58. Ours accepts every address.
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
