/** The node's own wallet signs what we build, for every kind of account. */
import { base64, hex } from '@scure/base';
import { HDKey } from '@scure/bip32';
import { Transaction } from '@scure/btc-signer';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBitcoind } from '../../../../test/support/find-bitcoind.ts';
import { startRegtestNode, type RegtestNode } from '../../../../test/support/regtest-node.ts';
import type { ScriptHex, Txid } from '../kernel/chain.ts';
import { sats } from '../kernel/sats.ts';
import { withChecksum } from './descriptor/checksum.ts';
import { parseAccount } from './descriptor/parse-account.ts';
import { buildRefundPsbt, type Coin } from './refund-psbt.ts';
import { SpendingKeys } from './spending-keys.ts';

const bitcoind = await findBitcoind('refund-psbt.test.ts');
const TESTNET = { public: 0x043587cf, private: 0x04358394 };
const DESTINATION = '0014751e76e8199196d454941c45d1b3a323f1433bd6' as ScriptHex;

/** A key of a wallet with its origin, without and with its private part. */
function keyOf(seedByte: number, path: string): { readonly open: string; readonly secret: string } {
  const master = HDKey.fromMasterSeed(new Uint8Array(32).fill(seedByte), TESTNET);
  const account = master.derive(`m/${path}`);
  const origin = `[${master.fingerprint.toString(16).padStart(8, '0')}/${path.replaceAll("'", 'h')}]`;
  return { open: `${origin}${account.publicExtendedKey}`, secret: `${origin}${account.privateExtendedKey}` };
}

const single = (open: string, close: string, path: string) => {
  const key = keyOf(path.length + 20, path);
  return (part: 'open' | 'secret', chain: number) => `${open}${key[part]}/${chain}/*${close}`;
};
const multisigKeys = [1, 2, 3].map((seedByte) => keyOf(seedByte, "48'/1'/0'/2'"));

const ACCOUNTS: readonly (readonly [kind: string, descriptor: (part: 'open' | 'secret', chain: number) => string])[] = [
  ['pkh', single('pkh(', ')', "44'/1'/0'")],
  ['sh(wpkh)', single('sh(wpkh(', '))', "49'/1'/0'")],
  ['wpkh', single('wpkh(', ')', "84'/1'/0'")],
  ['tr', single('tr(', ')', "86'/1'/0'")],
  ['wsh(sortedmulti)', (part, chain) => `wsh(sortedmulti(2,${multisigKeys.map((key) => `${key[part]}/${chain}/*`).join(',')}))`],
];

describe('the unsigned transaction of a refund', () => {
  const keys = new SpendingKeys(parseAccount({ descriptor: ACCOUNTS[2]![1]('open', 0) }, 'regtest').descriptor);
  const coin = (n: number, amount: bigint): Coin => ({
    outPoint: { txid: n.toString(16).padStart(64, '0') as Txid, vout: 0 },
    amount: sats(amount),
    index: n,
  });
  const build = (coins: readonly Coin[], amount: bigint, feeRate: number) =>
    buildRefundPsbt({ keys, coins, script: DESTINATION, amount: sats(amount), feeRate, changeIndex: 3 });

  it('pays the exact amount, a bounded fee, and the rest to change, from whatever coins', () => {
    const anyAmount = fc.bigInt({ min: 600n, max: 10_000_000n });
    fc.assert(
      fc.property(
        fc.array(anyAmount, { maxLength: 12 }),
        anyAmount,
        fc.integer({ min: 1, max: 1_000 }),
        (amounts, amount, rate) => {
          const coins = amounts.map((each, n) => coin(n + 1, each));
          const built = build(coins, amount, rate);
          if (built.kind === 'too_few_coins') return;
          const sum = built.inputs.reduce((total, each) => total + each.amount, 0n);
          expect(sum).toBe(amount + built.change + built.fee);
          expect(built.change === 0n || built.change >= 600n).toBe(true);
          const { outputsLength, ...transaction } = Transaction.fromPSBT(base64.decode(built.psbt));
          expect(transaction).toBeDefined();
          expect(outputsLength).toBe(built.change > 0n ? 2 : 1);
          const first = Transaction.fromPSBT(base64.decode(built.psbt)).getOutput(0);
          expect([first.amount, hex.encode(first.script!)]).toEqual([amount, DESTINATION]);
        },
      ),
    );
  });

  it('needs coins for the fee too', () => {
    expect(build([coin(1, 10_000n)], 10_000n, 1).kind).toBe('too_few_coins');
    expect(build([], 10_000n, 1).kind).toBe('too_few_coins');
  });

  it('needs a branch for change', () => {
    expect(keys.hasChange).toBe(true);
    expect(new SpendingKeys(withChecksum(ACCOUNTS[2]![1]('open', 7))).hasChange).toBe(false);
  });
});

// skip: only without a Bitcoin node, which findBitcoind reports and CI refuses
describe.skipIf(bitcoind === undefined)("a node's wallet", () => {
  let node: RegtestNode;
  beforeAll(async () => {
    node = await startRegtestNode({ bitcoind: bitcoind! });
  });
  afterAll(() => node?.stop());

  it.each(ACCOUNTS)('signs and sends a refund from %s', async (kind, descriptor) => {
    const wallet = parseAccount({ descriptor: descriptor('open', 0) }, 'regtest');
    const name = `signer-${kind.replaceAll(/\W/g, '')}`;
    await node.rpc('createwallet', [name, false, true]);
    const imports = [0, 1].map((chain) => ({
      desc: withChecksum(descriptor('secret', chain)),
      timestamp: 'now',
      active: false,
      internal: chain === 1,
      range: [0, 20],
    }));
    const walletRpc = (method: string, params: unknown[]): Promise<unknown> => node.rpc(method, params, name);
    expect(await walletRpc('importdescriptors', [imports])).toMatchObject([{ success: true }, { success: true }]);
    const receive = wallet.receive(5);
    await node.rpc('generatetoaddress', [1, receive.address]);
    await node.rpc('generatetoaddress', [100, 'bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080']);
    const [utxo] = (await walletRpc('listunspent', [])) as { txid: Txid; vout: number; amount: number }[];
    const { hex: rawHex } = (await walletRpc('gettransaction', [utxo!.txid])) as { hex: string };
    const coin: Coin = {
      outPoint: { txid: utxo!.txid, vout: utxo!.vout },
      amount: sats(BigInt(Math.round(utxo!.amount * 1e8))),
      index: 5,
      raw: hex.decode(rawHex),
    };
    const keys = new SpendingKeys(wallet.descriptor);
    const built = buildRefundPsbt({
      keys,
      coins: [coin],
      script: DESTINATION,
      amount: sats(50_000n),
      feeRate: 3,
      changeIndex: 2,
    });
    if (built.kind !== 'built') throw new Error('expected a PSBT');
    const { psbt } = (await walletRpc('walletprocesspsbt', [built.psbt])) as { psbt: string };
    const { hex: signed, complete } = (await node.rpc('finalizepsbt', [psbt])) as { hex: string; complete: boolean };
    expect(complete).toBe(true);
    const decoded = (await node.rpc('decoderawtransaction', [signed])) as { vsize: number };
    // The estimate is an upper bound, and not far from it.
    expect(Number(built.fee) / decoded.vsize).toBeGreaterThanOrEqual(3);
    expect(Number(built.fee) / decoded.vsize).toBeLessThan(3.6);
    const txid = (await node.rpc('sendrawtransaction', [signed])) as Txid;
    expect(await node.rpc('gettxout', [txid, 0, true])).toMatchObject({ value: 0.0005 });
    // The wallet knows its change.
    await node.rpc('generatetoaddress', [1, 'bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080']);
    expect(await walletRpc('listunspent', [])).toMatchObject([{ txid, vout: 1 }]);
  });
});
