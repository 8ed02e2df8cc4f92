/** Every descriptor and key expression of BIP 380 to 386 and 389: accepted, or refused for a reason that is counted. */
import { hex } from '@scure/base';
import { HDKey } from '@scure/bip32';
import { WIF } from '@scure/btc-signer';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { describe, expect, it } from 'vitest';
import { loadVectors } from '../../../test/vectors/load.ts';
import { ADDRESS_FORMATS } from '../script/address-format.ts';
import { withChecksum } from './checksum.ts';
import { multisigScript } from '../script/multisig-script.ts';
import { parseAccount } from './parse-account.ts';
import { SCRIPT_TEMPLATES } from '../script/script-template.ts';
import { WalletError } from '../wallet-error.ts';

interface DescriptorVector {
  readonly bip: number;
  readonly type: string;
  readonly descriptor?: string;
  readonly key_expression?: string;
  readonly valid: boolean;
  readonly scripts?: readonly (readonly string[])[] | null;
  readonly expands_to?: readonly string[];
  readonly has_private_key?: boolean;
}

const vectors = loadVectors<DescriptorVector>('bip380-386-389')
  .filter(({ type }) => type !== 'checksum') // in checksum.test.ts
  .map((vector) => ({ ...vector, text: vector.descriptor ?? `wpkh(${vector.key_expression!})` }));

function refusal(text: string): WalletError | undefined {
  try {
    parseAccount({ descriptor: text }, 'bitcoin');
    return undefined;
  } catch (error) {
    if (error instanceof WalletError) return error;
    throw error;
  }
}

describe('published descriptors', () => {
  it('are each accepted or refused for a known reason', () => {
    const outcomes: Record<string, number> = {};
    for (const { text, valid } of vectors) {
      const outcome = `${valid ? 'valid' : 'invalid'}: ${refusal(text)?.code ?? 'watched'}`;
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }
    expect(vectors).toHaveLength(135);
    expect(outcomes).toEqual({
      'valid: watched': 3,
      'valid: private_key': 38, // never accepted; also x-only keys in tr(), which look the same and are not ranged
      'valid: not_ranged': 14, // one address for all orders
      'valid: hardened_path': 3, // only the owner of the private key can derive these
      'valid: unsupported': 21, // no address (pk, multi, raw), several (combo), fixed (addr), or scripts that no wallet generates
      'invalid: private_key': 17,
      'invalid: not_ranged': 11,
      'invalid: unsupported': 23,
      'invalid: path': 4,
      'invalid: syntax': 1,
    });
  });

  it('with a private key are refused for it, valid or not', () => {
    const secret = vectors.filter(({ has_private_key }) => has_private_key);
    expect(secret.map(({ text }) => refusal(text)?.code)).toEqual(secret.map(() => 'private_key'));
  });

  it('that are invalid are refused without being quoted', () => {
    for (const { text } of vectors.filter(({ valid }) => !valid)) {
      const error = refusal(text);
      expect(error, text).toBeInstanceOf(WalletError);
      for (const word of text.split(/[^0-9A-Za-z]+/).filter(({ length }) => length > 11))
        expect(error?.message).not.toContain(word);
    }
  });

  const watched = vectors.filter(({ text }) => refusal(text) === undefined);

  it.each(watched)('give the published scripts: $text', ({ text, scripts, expands_to }) => {
    const wallet = parseAccount({ descriptor: text }, 'bitcoin');
    for (const [index, [script]] of (scripts ?? []).entries()) expect(wallet.receive(index).script).toBe(script);
    expect(wallet.descriptor).toBe(withChecksum((expands_to?.[0] ?? text).replaceAll("'", 'h')));
  });
});

/** A gateway accepts neither fixed nor private keys, but the public ones go through the same code as ours. */
describe('the scripts of published keys', () => {
  const compressed = vectors.flatMap(({ descriptor = '', valid, scripts }) => {
    const template = SCRIPT_TEMPLATES.find(({ open }) => descriptor.startsWith(open));
    const key = template && descriptor.slice(template.open.length, -template.close.length);
    if (template === undefined || key === undefined || !valid || !scripts || /[(,<]/.test(key) || /04[0-9a-f]{128}|^5/.test(key))
      return [];
    return scripts.map(([script], index) => ({ descriptor, template, key, index, script: script! }));
  });

  it('are of every kind', () => {
    expect(compressed).toHaveLength(19);
    expect([...new Set(compressed.map(({ template }) => template.type))].sort()).toEqual(
      SCRIPT_TEMPLATES.map(({ type }) => type).sort(),
    );
  });

  it.each(compressed)('are those of their kind of address: $descriptor $index', ({ template, key, index, script }) => {
    const [output] = template.outputs([publicKeyAt(key, index)], ADDRESS_FORMATS.bitcoin);
    expect(hex.encode(output!.script)).toBe(script);
  });

  const sorted = vectors.filter(({ descriptor, valid }) => valid && /^sortedmulti\(.*xpub/.test(descriptor ?? ''));

  it('include those of sortedmulti()', () => expect(sorted).toHaveLength(1));

  it.each(sorted)('have their keys sorted: $descriptor', ({ descriptor, scripts }) => {
    const [threshold, ...keys] = descriptor!.slice('sortedmulti('.length, -1).split(',');
    for (const [index, [script]] of scripts!.entries()) {
      const made = multisigScript(
        Number(threshold),
        keys.map((key) => publicKeyAt(key, index)),
      );
      expect(hex.encode(made)).toBe(script);
    }
  });
});

/** The compressed public key of a key expression, derived with its private keys. */
function publicKeyAt(expression: string, index: number): Uint8Array {
  const [key = '', ...path] = expression.replace(/^\[.*\]/, '').split('/');
  if (/^0[23]/.test(key)) return hex.decode(key);
  if (/^[0-9a-f]{64}$/.test(key)) return hex.decode(`02${key}`);
  if (!key.startsWith('x')) return secp256k1.getPublicKey(WIF().decode(key), true);
  const steps = path.map((step) => step.replace('*', String(index)).replace('h', "'"));
  const node = HDKey.fromExtendedKey(key);
  return (steps.length === 0 ? node : node.derive(['m', ...steps].join('/'))).publicKey!;
}
