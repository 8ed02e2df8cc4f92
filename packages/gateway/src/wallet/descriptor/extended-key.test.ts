import { hex } from '@scure/base';
import { HDKey } from '@scure/bip32';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadVectors } from '../../../test/vectors/load.ts';
import { parseExtendedKey } from './extended-key.ts';
import { KEY_VERSIONS } from './slip132.ts';
import type { WalletError } from '../wallet-error.ts';

interface Bip32Vector {
  readonly test_vector: number;
  readonly valid: boolean;
  readonly path: string;
  readonly seed_hex: string;
  readonly xpub?: string;
  readonly private_xprv?: string;
  readonly extended_key?: string;
  readonly error_class?: string;
}
const bip32 = loadVectors<Bip32Vector>('bip32');
const valid = bip32.filter((vector) => vector.valid);

/** Our wording for the reasons that BIP 32 gives. */
const REASONS: Readonly<Record<string, string>> = {
  key_prefix: 'a compressed public key',
  public_key_not_on_curve: 'a point of secp256k1',
  zero_depth_with_parent_fingerprint: 'a master key to have no parent',
  zero_depth_with_index: 'no child number',
  unknown_version: 'unknown version bytes',
};

const PRIVATE_INSIDE = /^version_key_mismatch$|^unknown_version$/;

function refusal(text: string): WalletError {
  try {
    parseExtendedKey(text, 'xpub');
  } catch (error) {
    return error as WalletError;
  }
  throw new Error('expected a refusal');
}

describe('an extended public key (BIP 32)', () => {
  it('has all published vectors', () => {
    expect([...new Set(bip32.map(({ test_vector }) => test_vector))]).toEqual([1, 2, 3, 4, 5]);
    expect([valid.length, bip32.length - valid.length]).toEqual([17, 16]);
  });

  it.each(valid)('is parsed completely: vector $test_vector $path', ({ path, xpub }) => {
    const steps = path.split('/').slice(1);
    const last = steps.at(-1) ?? '0';
    const key = parseExtendedKey(xpub!, 'xpub');
    expect(key).toMatchObject({ plain: xpub, depth: steps.length, version: { prefix: 'xpub' } });
    expect(key.childNumber).toBe(Number.parseInt(last, 10) + (last.endsWith("'") ? 0x80000000 : 0));
  });

  const pairs = valid.flatMap((child) => {
    const match = /^(.*)\/(\d+)$/.exec(child.path);
    const parent = valid.find(({ path, seed_hex }) => path === match?.[1] && seed_hex === child.seed_hex);
    return match === null || parent === undefined
      ? []
      : [{ parent: parent.xpub!, index: Number(match[2]), child: child.xpub!, path: child.path }];
  });

  it('has unhardened steps among the vectors', () => expect(pairs.length).toBeGreaterThanOrEqual(5));

  it.each(pairs)('derives the public child $path', ({ parent, index, child }) => {
    expect(parseExtendedKey(parent, 'xpub').node.deriveChild(index).publicExtendedKey).toBe(child);
  });

  const invalid = bip32
    .filter((vector) => !vector.valid)
    .map((vector) => ({ ...vector, text: vector.xpub ?? vector.private_xprv ?? vector.extended_key! }));

  it.each(invalid)('is refused for $error_class', ({ text, error_class, private_xprv }) => {
    // Whatever may contain a private key is refused as one, before its other faults are considered.
    const mayBePrivate = private_xprv !== undefined || PRIVATE_INSIDE.test(error_class!);
    const { code, message } = refusal(text);
    expect(mayBePrivate ? ['private_key', 'extended_key'] : ['extended_key']).toContain(code);
    expect(message).toContain(code === 'private_key' ? 'expected public keys only' : REASONS[error_class!]);
  });

  it.each([
    ['', '111 or 112 characters'],
    ['xpub', '111 or 112 characters'],
    ['x'.repeat(100_000), '111 or 112 characters'],
    [valid[0]!.xpub!.replace('xpub661', 'xpub662'), 'a valid base58 checksum'],
    [valid[0]!.xpub!.slice(0, -1), 'a valid base58 checksum'],
    [`${valid[0]!.xpub!.slice(0, -1)}0`, 'a valid base58 checksum'],
  ])('is refused when mistyped: %.20s', (text, message) => {
    expect(() => parseExtendedKey(text, 'xpub')).toThrow(message);
  });
});

interface Slip132Vector {
  readonly type: string;
  readonly prefix: string;
  readonly version: string;
  readonly network: string;
  readonly script_type: string;
  readonly account_pub: string;
  readonly xpub_equivalent: string;
  readonly private_account_key: string;
  readonly private_version: string;
}
const slip132 = loadVectors<Slip132Vector>('slip132');

describe('the prefixes of SLIP 132', () => {
  it('have all published vectors', () => {
    expect(slip132.map(({ type }) => type).sort()).toEqual([
      ...Array<string>(3).fill('account'),
      ...Array<string>(10).fill('version'),
    ]);
  });

  it('are all known, with their bytes and their meaning', () => {
    const addresses: Record<string, string> = { p2pkh_or_p2sh: 'any', p2wpkh: 'p2wpkh', p2sh_p2wpkh: 'sh(p2wpkh)' };
    const published = slip132
      .filter(({ type }) => type === 'version')
      .map(({ prefix, version, network, script_type }) => ({
        prefix,
        version: Number.parseInt(version, 16),
        chain: network === 'bitcoin' ? 'main' : 'test',
        addresses: addresses[script_type] ?? 'multisig',
      }));
    expect(KEY_VERSIONS).toEqual(published);
  });

  it.each(slip132.filter(({ type }) => type === 'account'))(
    'convert to xpub: $script_type',
    ({ account_pub, xpub_equivalent }) => {
      expect(parseExtendedKey(account_pub, 'xpub').plain).toBe(xpub_equivalent);
    },
  );

  it('are read back from any key, which remains the same key', () => {
    const seed = fc.uint8Array({ minLength: 16, maxLength: 64 });
    fc.assert(
      fc.property(seed, fc.constantFrom(...KEY_VERSIONS), (bytes, version) => {
        const made = HDKey.fromMasterSeed(bytes, { public: version.version, private: 0 }).deriveChild(7);
        const read = parseExtendedKey(made.publicExtendedKey, 'xpub');
        expect(made.publicExtendedKey.slice(0, 4)).toBe(version.prefix);
        expect(read.version).toBe(version);
        expect(read.plain.slice(0, 4)).toBe(version.chain === 'main' ? 'xpub' : 'tpub');
        expect(hex.encode(read.node.publicKey!)).toBe(hex.encode(made.publicKey!));
      }),
      { numRuns: 40 },
    );
  });
});
