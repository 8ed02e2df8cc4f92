import { HDKey } from '@scure/bip32';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NETWORKS, type Network } from '../../kernel/chain.ts';
import { withChecksum } from './checksum.ts';
import { parseAccount } from './parse-account.ts';

const ZPUB = 'zpub6rFR7y4Q2AijBEqTUquhVz398htDFrtymD9xYYfG1m4wAcvPhXNfE3EfH1r1ADqtfSdVCToUG868RvUUkgDKf31mGDtKsAYz2oz2AGutZYs';
const XPUB = 'xpub6CatWdiZiodmUeTDp8LT5or8nmbKNcuyvz7WyksVFkKB4RHwCD3XyuvPEbvqAQY3rAPshWcMLoP2fMFMKHPJ4ZeZXYVUhLv1VMrjPC7PW6V';
const FIRST = 'bc1qcr8te4kr609gcawutmrza0j4xv80jy8z306fyu';

/** The public key at a path of a throw-away wallet, under any prefix. */
function publicKey(path: string, version = 0x043587cf): string {
  return HDKey.fromMasterSeed(new Uint8Array(32).fill(9), { public: version, private: 0 }).derive(path).publicExtendedKey;
}
const TPUB = publicKey("m/84'/1'/0'");
const VPUB = publicKey("m/84'/1'/0'", 0x045f1cf6);

describe('an account of BIP 84', () => {
  it.each([
    ['zpub', { xpub: ZPUB }],
    ['xpub', { xpub: XPUB }],
    ['xpub with white space around', { xpub: `\n ${XPUB} ` }],
    ['descriptor', { descriptor: `wpkh(${XPUB}/0/*)` }],
    ['descriptor with both branches', { descriptor: `wpkh(${XPUB}/<0;1>/*)` }],
    ['descriptor with a checksum', { descriptor: withChecksum(`wpkh(${XPUB}/<0;1>/*)`) }],
  ])('is the same wallet from %s', (_form, input) => {
    const wallet = parseAccount(input, 'bitcoin');
    expect(wallet.descriptor).toBe(withChecksum(`wpkh(${XPUB}/0/*)`));
    expect(wallet).toMatchObject({ network: 'bitcoin', scriptType: 'p2wpkh' });
    expect(wallet.receive(0).address).toBe(FIRST);
  });

  it.each([
    ['testnet4', 'tb1q'],
    ['signet', 'tb1q'],
    ['regtest', 'bcrt1q'],
  ] as const)('on %s has addresses %s...', (network, prefix) => {
    const [fromVpub, fromTpub] = [parseAccount({ xpub: VPUB }, network), parseAccount({ xpub: TPUB }, network)];
    expect(fromVpub.receive(5).address.startsWith(prefix)).toBe(true);
    expect(fromVpub.receive(5)).toEqual(fromTpub.receive(5));
    expect(fromVpub.descriptor).toBe(withChecksum(`wpkh(${TPUB}/0/*)`));
  });

  it('of Electrum, at depth 1, is accepted', () => {
    expect(parseAccount({ xpub: publicKey("m/0'") }, 'regtest').receive(0).address).toMatch(/^bcrt1q/);
  });
});

describe('addresses', () => {
  const wallet = parseAccount({ xpub: ZPUB }, 'bitcoin');

  it('run from index 0 to 2^31 - 1', () => {
    expect(wallet.receive(0).index).toBe(0);
    expect(wallet.receive(2 ** 31 - 1).address).toMatch(/^bc1q/);
  });

  it.each([-1, 2 ** 31, 0.5, Number.NaN, Number.POSITIVE_INFINITY, '0' as never])('do not exist at index %s', (index) => {
    expect(() => wallet.receive(index)).toThrow(expect.objectContaining({ code: 'index', field: 'index' }));
  });

  it('are those that the owner of the private key derives, for any account and index', () => {
    const seed = fc.uint8Array({ minLength: 16, maxLength: 64 });
    const index = fc.oneof(fc.nat({ max: 50 }), fc.nat({ max: 2 ** 31 - 1 }));
    fc.assert(
      fc.property(seed, fc.nat({ max: 9 }), index, fc.constantFrom(...NETWORKS), (bytes, account, at, network) => {
        const version = network === 'bitcoin' ? 0x0488b21e : 0x043587cf;
        const owner = HDKey.fromMasterSeed(bytes, { public: version, private: 0 }).derive(
          `m/84'/${network === 'bitcoin' ? 0 : 1}'/${account}'`,
        );
        const wallet = parseAccount({ xpub: owner.publicExtendedKey }, network);
        const { script, address } = wallet.receive(at);
        expect(script).toBe(`0014${Buffer.from(owner.deriveChild(0).deriveChild(at).identifier!).toString('hex')}`);

        const again = parseAccount({ descriptor: wallet.descriptor }, network);
        expect(again.descriptor).toBe(wallet.descriptor);
        expect(again.receive(at)).toEqual({ index: at, script, address });
      }),
      { numRuns: 25 },
    );
  });
});

describe('the canonical descriptor', () => {
  it.each([
    [`wpkh([D34DB33F/84'/01'/0h]${TPUB}/0/*)`, `wpkh([d34db33f/84h/1h/0h]${TPUB}/0/*)`],
    [`wpkh([d34db33f]${TPUB}/*)`, `wpkh([d34db33f]${TPUB}/*)`],
    [`wpkh(${TPUB}/<4;7;9>/2/*)`, `wpkh(${TPUB}/4/2/*)`],
    [`wpkh(${TPUB}/*)`, `wpkh(${TPUB}/*)`],
    [`pkh(${TPUB}/<0;1>/*)`, `pkh(${TPUB}/0/*)`],
    [`sh(wpkh([d34db33f/49'/1'/0']${TPUB}/0/*))`, `sh(wpkh([d34db33f/49h/1h/0h]${TPUB}/0/*))`],
    [`tr([d34db33f]${TPUB}/<1;0>/*)`, `tr([d34db33f]${TPUB}/1/*)`],
  ])('of %s', (given, canonical) => {
    const { descriptor } = parseAccount({ descriptor: given }, 'regtest');
    expect(descriptor).toBe(withChecksum(canonical));
    expect(parseAccount({ descriptor }, 'regtest').descriptor).toBe(descriptor);
  });
});

describe('a wallet is refused, and the error gives the reason', () => {
  it.each<[string, { descriptor: string } | { xpub: string }, Network, string, string]>([
    [
      'Zpub',
      { xpub: publicKey("m/48'/0'/0'/2'", 0x02aa7ed3) },
      'bitcoin',
      'unsupported',
      'got Zpub, one of several keys: give a descriptor with all of them, wsh(sortedmulti(k,KEY,...))',
    ],
    [
      'upub of Electrum depth',
      { xpub: publicKey("m/0'", 0x044a5262) },
      'regtest',
      'not_account_key',
      'the key of an account (m/49h/0h/0h: depth 3, last step hardened), got depth 1 with a hardened last step',
    ],
    ['tpub on bitcoin', { xpub: TPUB }, 'bitcoin', 'network', 'network bitcoin (xpub), got one of the test networks (tpub)'],
    ['zpub on regtest', { xpub: ZPUB }, 'regtest', 'network', 'network regtest (tpub), got one of bitcoin (zpub)'],
    [
      'descriptor of xpub on signet',
      { descriptor: `wpkh(${XPUB}/0/*)` },
      'signet',
      'network',
      'descriptor: expected a key of the network signet',
    ],
    ['master key', { xpub: publicKey('m') }, 'regtest', 'not_account_key', 'got depth 0 with no last step'],
    [
      'receiving branch',
      { xpub: publicKey("m/84'/1'/0'/0") },
      'regtest',
      'not_account_key',
      'got depth 4 with an unhardened last step',
    ],
    ['coin key', { xpub: publicKey("m/84'/1'") }, 'regtest', 'not_account_key', 'got depth 2 with a hardened last step'],
    ['descriptor as xpub', { xpub: `wpkh(${XPUB}/0/*)` }, 'bitcoin', 'wrong_field', 'give a whole descriptor as descriptor'],
    ['key with path as xpub', { xpub: `${XPUB}/0/*` }, 'bitcoin', 'wrong_field', 'got one with a path'],
    ['xpub as descriptor', { descriptor: XPUB }, 'bitcoin', 'wrong_field', 'give it as xpub'],
    ['empty xpub', { xpub: ' ' }, 'bitcoin', 'extended_key', 'got 0'],
    ['empty descriptor', { descriptor: '' }, 'bitcoin', 'syntax', 'got no complete script function'],
    ['zpub in a descriptor', { descriptor: `wpkh(${ZPUB}/0/*)` }, 'bitcoin', 'extended_key', 'expected xpub or tpub'],
    ['wrong checksum', { descriptor: `wpkh(${XPUB}/0/*)#qqqqqqqq` }, 'bitcoin', 'checksum', 'got "qqqqqqqq"'],
    ['bare key script', { descriptor: `pk(${XPUB}/0/*)` }, 'bitcoin', 'unsupported', 'got pk(...), which is not supported'],
    [
      'nested multisig',
      { descriptor: `sh(wsh(sortedmulti(1,${XPUB}/0/*)))` },
      'bitcoin',
      'unsupported',
      'got sh(wsh(sortedmulti(...))), which is not supported',
    ],
    [
      'multi',
      { descriptor: `wsh(multi(1,${XPUB}/0/*))` },
      'bitcoin',
      'unsupported',
      'expected pkh(KEY), sh(wpkh(KEY)), wpkh(KEY), tr(KEY), wsh(sortedmulti(k,KEY,...)), got wsh(multi(...)), which is not supported',
    ],
    [
      'script tree',
      { descriptor: `tr(${XPUB}/0/*,pk(${XPUB}/1/*))` },
      'bitcoin',
      'unsupported',
      'expected tr(KEY) without a script tree',
    ],
    [
      'miniscript',
      { descriptor: `wsh(thresh(2,pk(${XPUB}/0/*),s:pk(${XPUB}/1/*)))` },
      'bitcoin',
      'unsupported',
      'got wsh(thresh(...)), which is not supported',
    ],
    ['unknown script', { descriptor: `wpkhh(${XPUB}/0/*)` }, 'bitcoin', 'syntax', 'an unknown script function'],
    ['missing bracket', { descriptor: `wpkh(${XPUB}/0/*` }, 'bitcoin', 'syntax', 'got brackets that do not match'],
    ['script as key', { descriptor: `wpkh(pkh(${XPUB}/0/*))` }, 'bitcoin', 'unsupported', 'got wpkh(pkh(...))'],
    ['script after key', { descriptor: `wpkh(${XPUB}/0/*pkh())` }, 'bitcoin', 'syntax', 'expected one key'],
    ['two keys', { descriptor: `wpkh(${XPUB}/0/*,${XPUB}/1/*)` }, 'bitcoin', 'syntax', 'expected one key'],
    ['no key', { descriptor: 'wpkh()' }, 'bitcoin', 'syntax', 'expected a key, got none'],
    ['single public key', { descriptor: `wpkh(02${'ab'.repeat(32)})` }, 'bitcoin', 'not_ranged', 'got a single public key'],
    ['no path', { descriptor: `wpkh(${XPUB})` }, 'bitcoin', 'not_ranged', 'a path that ends in /*'],
    ['one address', { descriptor: `wpkh(${XPUB}/0/5)` }, 'bitcoin', 'not_ranged', 'a path that ends in /*'],
    ['hardened branch', { descriptor: `wpkh(${XPUB}/0h/*)` }, 'bitcoin', 'hardened_path', 'only its owner can derive'],
    ['hardened index', { descriptor: `wpkh(${XPUB}/0/*')` }, 'bitcoin', 'hardened_path', 'only its owner can derive'],
    ['step too large', { descriptor: `wpkh(${XPUB}/2147483648/*)` }, 'bitcoin', 'path', 'steps of 0 to 2147483647'],
    ['empty step', { descriptor: `wpkh(${XPUB}//*)` }, 'bitcoin', 'path', 'steps of 0 to 2147483647'],
    ['two stars', { descriptor: `wpkh(${XPUB}/*/*)` }, 'bitcoin', 'path', 'steps of 0 to 2147483647'],
    ['two multipath steps', { descriptor: `wpkh(${XPUB}/<0;1>/<2;3>/*)` }, 'bitcoin', 'path', 'at most one <a;b>'],
    ['same branch twice', { descriptor: `wpkh(${XPUB}/<0;0>/*)` }, 'bitcoin', 'path', 'to differ'],
    ['one branch only', { descriptor: `wpkh(${XPUB}/<0>/*)` }, 'bitcoin', 'path', 'at least two steps'],
    ['path too long', { descriptor: `wpkh(${XPUB}${'/1'.repeat(252)}/*)` }, 'bitcoin', 'path', 'at most 255 steps'],
    ['short fingerprint', { descriptor: `wpkh([d34db33/84h]${XPUB}/0/*)` }, 'bitcoin', 'key_origin', 'got 7 characters'],
    ['origin step', { descriptor: `wpkh([d34db33f/84H]${XPUB}/0/*)` }, 'bitcoin', 'key_origin', "hardened by h or '"],
    ['two origins', { descriptor: `wpkh([d34db33f][d34db33f]${XPUB}/0/*)` }, 'bitcoin', 'key_origin', 'at most one key origin'],
  ])('%s', (_name, input, network, code, message) => {
    const refused = expect.objectContaining({ name: 'WalletError', code, message: expect.stringContaining(message) as string });
    expect(() => parseAccount(input, network)).toThrow(refused);
  });

  const INPUTS: readonly ((text: string) => { descriptor: string } | { xpub: string })[] = [
    (text) => ({ xpub: text }),
    (text) => ({ descriptor: text }),
    ...['wpkh(TEXT)', 'pkh([TEXT]', 'sh(wpkh(TEXT))', 'tr(TEXT)', 'TEXT(x)'].map(inShape),
    ...['wsh(sortedmulti(TEXT))', 'wsh(sortedmulti(TEXT,KEY))', 'wsh(sortedmulti(1,KEY,TEXT))', 'wpkh(KEY)#TEXT'].map(inShape),
  ];

  function inShape(shape: string): (text: string) => { descriptor: string } {
    return (text) => ({ descriptor: shape.replace('KEY', `${XPUB}/0/*`).replace('TEXT', () => text) });
  }

  it('without quoting the input, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 12, maxLength: 200 }), fc.constantFrom(...INPUTS), (text, input) => {
        const quiet = expect.objectContaining({ name: 'WalletError', message: expect.not.stringContaining(text) as string });
        expect(() => parseAccount(input(text), 'bitcoin')).toThrow(quiet);
      }),
    );
  });
});
