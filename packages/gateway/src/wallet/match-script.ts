/** The script function around the key in a descriptor: which kind of address it makes (BIP 380 to 386). */
import { SCRIPT_TEMPLATES, type ScriptTemplate } from './script-template.ts';
import { WalletError } from './wallet-error.ts';

/** Named in errors. Other words are not repeated: they may be part of a key. */
const KNOWN_FUNCTIONS = ['pk', 'pkh', 'wpkh', 'sh', 'wsh', 'tr', 'combo', 'multi', 'sortedmulti', 'addr', 'raw', 'rawtr'];

/**
 * Finds the template for a descriptor.
 *
 * @param descriptor without checksum.
 * @returns the template, and the text of the key between its brackets.
 * @throws WalletError with code `unsupported` or `syntax`.
 * @example matchScript('wpkh(xpub6Cat.../0/*)') // { template: P2WPKH, key: 'xpub6Cat.../0/*' }
 */
export function matchScript(descriptor: string): { template: ScriptTemplate; key: string } {
  for (const template of SCRIPT_TEMPLATES) {
    const { open, close } = template;
    if (descriptor.startsWith(open) && descriptor.endsWith(close))
      return { template, key: descriptor.slice(open.length, -close.length) };
  }
  const supported = SCRIPT_TEMPLATES.map(({ open, close }) => `${open}...${close}`).join(', ');
  const name = /^([a-z]+)\(.*\)$/.exec(descriptor)?.[1];
  if (name !== undefined && KNOWN_FUNCTIONS.includes(name)) {
    throw new WalletError('unsupported', 'descriptor', `expected ${supported}, got ${name}(...), which is not yet supported`);
  }
  throw new WalletError(
    'syntax',
    'descriptor',
    `expected ${supported}, got ${name === undefined ? 'no complete script function' : 'an unknown script function'}`,
  );
}
