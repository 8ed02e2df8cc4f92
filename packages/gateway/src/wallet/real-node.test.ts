/**
 * Compares our descriptors with a real node's: the same addresses, scripts and checksums for random keys, paths, origins and
 * ranges, and the same limits.
 */
import { hex } from '@scure/base';
import { HDKey } from '@scure/bip32';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBitcoind } from '../../../../test/support/find-bitcoind.ts';
import { startRegtestNode, type RegtestNode } from '../../../../test/support/regtest-node.ts';
import { descriptorChecksum, withChecksum } from './descriptor/checksum.ts';
import { parseAccount } from './descriptor/parse-account.ts';

const bitcoind = await findBitcoind('real-node.test.ts');

const TESTNET = { public: 0x043587cf, private: 0 };
const HARDENED = 2 ** 31;

const seed = fc.uint8Array({ minLength: 32, maxLength: 32 });
const step = fc.oneof(fc.nat({ max: 9 }), fc.nat({ max: HARDENED - 1 }));
const origin = fc.option(
  fc.tuple(
    seed.map((bytes) => hex.encode(bytes.subarray(0, 4))),
    fc.array(fc.tuple(step, fc.constantFrom('', "'", 'h')), { maxLength: 4 }),
  ),
);
const multipath = fc.uniqueArray(step, { minLength: 2, maxLength: 2 }).map((steps) => `<${steps.join(';')}>`);

/** `[origin]tpub/path/*`, sometimes with two branches. */
const key = fc
  .tuple(origin, seed, fc.array(step, { maxLength: 3 }), fc.option(multipath, { freq: 3 }))
  .map(([from, bytes, steps, branches]) => {
    const path = [...steps.map(String), ...(branches === null ? [] : [branches]), '*'].join('/');
    const start = from && `[${[from[0], ...from[1].map(([child, mark]) => `${child}${mark}`)].join('/')}]`;
    return `${start ?? ''}${HDKey.fromMasterSeed(bytes, TESTNET).publicExtendedKey}/${path}`;
  });

/** Mostly 2 to 5 keys, and 20 at most. */
const multisig = fc
  .tuple(
    fc.oneof(
      { weight: 4, arbitrary: fc.array(key, { minLength: 1, maxLength: 5 }) },
      { weight: 1, arbitrary: fc.array(key, { minLength: 16, maxLength: 20 }) },
    ),
    fc.nat(),
  )
  .map(([keys, chosen]) => `wsh(sortedmulti(${[1 + (chosen % keys.length), ...keys].join(',')}))`);

const KINDS: readonly (readonly [string, fc.Arbitrary<string>])[] = [
  ['pkh', key.map((text) => `pkh(${text})`)],
  ['sh(wpkh)', key.map((text) => `sh(wpkh(${text}))`)],
  ['wpkh', key.map((text) => `wpkh(${text})`)],
  ['tr', key.map((text) => `tr(${text})`)],
  ['wsh(sortedmulti)', multisig],
];
const from = fc.oneof(fc.nat({ max: 50 }), fc.nat({ max: HARDENED - 5 }));
const DESCRIPTORS = 12;
const ADDRESSES = 4;

// skip: only without a Bitcoin node, which findBitcoind reports and CI refuses
describe.skipIf(bitcoind === undefined)('a real node', () => {
  let node: RegtestNode;
  beforeAll(async () => {
    node = await startRegtestNode({ bitcoind: bitcoind! });
  });
  afterAll(() => node?.stop());

  it.each(KINDS)('derives the same addresses and scripts as we do, with the same checksum: %s', async (_, descriptor) => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(descriptor, from, async (given, first) => {
        expect(await node.rpc('getdescriptorinfo', [given])).toMatchObject({
          checksum: descriptorChecksum(given),
          isrange: true,
          issolvable: true,
          hasprivatekeys: false,
        });
        const wallet = parseAccount({ descriptor: withChecksum(given) }, 'regtest');
        const ours = [...wallet.receiveMany(first, ADDRESSES - 1), wallet.receive(first + ADDRESSES - 1)];
        // We store only the receiving branch; of several branches, the node derives that one first.
        const range = [first, first + ADDRESSES - 1];
        const theirs = await node.rpc<string[]>('deriveaddresses', [wallet.descriptor, range]);
        expect(ours.map(({ address }) => address)).toEqual(theirs);
        const asGiven = await node.rpc<string[] | string[][]>('deriveaddresses', [withChecksum(given), range]);
        expect(given.includes('<') ? asGiven[0] : asGiven).toEqual(theirs);
        for (const { address, script } of ours) {
          expect(await node.rpc('validateaddress', [address])).toMatchObject({ isvalid: true, address, scriptPubKey: script });
          compared += 1;
        }
      }),
      { numRuns: DESCRIPTORS, endOnFailure: true },
    );
    expect(compared).toBe(DESCRIPTORS * ADDRESSES);
  });

  it('derives the last possible addresses as we do', async () => {
    const wallet = parseAccount({ descriptor: fc.sample(KINDS[3]![1], 1)[0]! }, 'regtest');
    const theirs = await node.rpc('deriveaddresses', [wallet.descriptor, [HARDENED - 3, HARDENED - 1]]);
    expect(wallet.receiveMany(HARDENED - 3, 3).map(({ address }) => address)).toEqual(theirs);
  });

  const keys = Array.from(
    { length: 21 },
    (_, number) => `${HDKey.fromMasterSeed(new Uint8Array(32).fill(number + 1), TESTNET).publicExtendedKey}/0/*`,
  );
  const [one = '', two = ''] = keys;

  it.each([
    ['20 keys', `wsh(sortedmulti(20,${keys.slice(0, 20).join(',')}))`, true],
    ['21 keys', `wsh(sortedmulti(2,${keys.join(',')}))`, false],
    ['no key', 'wsh(sortedmulti(1))', false],
    ['a threshold of 0', `wsh(sortedmulti(0,${one}))`, false],
    ['a threshold above the number of keys', `wsh(sortedmulti(2,${one}))`, false],
    [
      'branches that differ in number',
      `wsh(sortedmulti(1,${one.replace('/0/', '/<0;1>/')},${two.replace('/0/', '/<0;1;2>/')}))`,
      false,
    ],
    ['one branch twice', `wpkh(${one.replace('/0/', '/<1;1>/')})`, false],
    ['two branchings', `wpkh(${one.replace('/0/', '/<0;1>/<2;3>/')})`, false],
    ['a step of 2^31', `tr(${one.replace('/0/', '/2147483648/')})`, false],
    ['an empty key', 'pkh()', false],
    ['a bracket missing', `sh(wpkh(${one})`, false],
    ['a fingerprint of 7 digits', `wpkh([d34db33/84h]${one})`, false],
  ])('accepts and refuses the same descriptors as we do: %s', async (_, descriptor, good) => {
    const theirs = await node.rpc('getdescriptorinfo', [descriptor]).then(
      () => true,
      () => false,
    );
    expect(theirs).toBe(good);
    const ours = (): unknown => parseAccount({ descriptor }, 'regtest');
    if (good) expect(ours()).toMatchObject({ descriptor: withChecksum(descriptor) });
    else expect(ours).toThrow(expect.objectContaining({ name: 'WalletError' }));
  });

  it('exports its wallets in a form that we accept unchanged, with the same addresses', async () => {
    await node.rpc('createwallet', ['merchant']);
    const { descriptors } = await node.rpc<{ descriptors: { desc: string; internal: boolean }[] }>('listdescriptors');
    const ours = descriptors.filter(({ internal }) => !internal).map(({ desc }) => parseAccount({ descriptor: desc }, 'regtest'));
    const names = { p2pkh: 'legacy', 'p2sh-p2wpkh': 'p2sh-segwit', p2wpkh: 'bech32', p2tr: 'bech32m', p2wsh: '' };
    expect(ours.map(({ scriptType }) => scriptType).sort()).toEqual(['p2pkh', 'p2sh-p2wpkh', 'p2tr', 'p2wpkh']);
    for (const wallet of ours)
      for (const index of [0, 1])
        expect(await node.rpc('getnewaddress', ['', names[wallet.scriptType]])).toBe(wallet.receive(index).address);
  });

  it('refuses a wrong checksum as we do', async () => {
    const wrong = withChecksum(`wpkh(${one})`).replace(/.$/, (last) => (last === 'q' ? 'p' : 'q'));
    await expect(node.rpc('deriveaddresses', [wrong, 0])).rejects.toThrow(/checksum/i);
    expect(() => parseAccount({ descriptor: wrong }, 'regtest')).toThrow(expect.objectContaining({ code: 'checksum' }));
  });
});
