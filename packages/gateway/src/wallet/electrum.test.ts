/** Electrum reads the payment URI of a refund, and signs its unsigned transaction, offline. A node accepts what it has signed. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { hex } from '@scure/base';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBitcoind } from '../../../../test/support/find-bitcoind.ts';
import { findProgram } from '../../../../test/support/find-program.ts';
import { startRegtestNode, type RegtestNode } from '../../../../test/support/regtest-node.ts';
import type { ScriptHex, Txid } from '../kernel/chain.ts';
import { sats } from '../kernel/sats.ts';
import type { AccountWallet } from './account-wallet.ts';
import { parseAccount } from './descriptor/parse-account.ts';
import { paymentUri } from './payment-uri.ts';
import { buildRefundPsbt, CHANGE_ADDRESSES, type Coin } from './refund-psbt.ts';
import { SpendingKeys } from './spending-keys.ts';

const FILE = 'electrum.test.ts';
const bitcoind = await findBitcoind(FILE);
const electrum = findProgram('/usr/bin/electrum', 'ELECTRUM', FILE);
const DESTINATION = '0014751e76e8199196d454941c45d1b3a323f1433bd6' as ScriptHex;
const ADDRESS = 'bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080';
/** Each of its commands starts a Python that loads all of Electrum: seconds of processor time. */
const TIME = { timeout: 600_000 };
const MINER = 'bcrt1qcr8te4kr609gcawutmrza0j4xv80jy8zeqchgx';
/** The wallets that Electrum makes by itself, with the account as docs/wallets.md says. */
const WALLETS = [
  {
    kind: 'native segwit',
    seed: 'wild father tree among universe such mobile favorite target dynamic credit identify',
    account: (key: string) => ({ xpub: key }),
  },
  {
    kind: 'legacy',
    seed: 'cycle rocket west magnet parrot shuffle foot correct salt library feed song',
    account: (key: string) => ({ descriptor: `pkh(${key}/0/*)` }),
  },
] as const;

// skip: findBitcoind and findProgram say what is missing, and CI refuses
describe.skipIf(bitcoind === undefined || electrum === undefined)('Electrum', () => {
  let folder: string;
  let node: RegtestNode;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'webpos-electrum-'));
    node = await startRegtestNode({ bitcoind: bitcoind! });
  });
  afterAll(async () => {
    await node?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const inFolder = () => ({ env: { ...process.env, HOME: folder }, timeout: TIME.timeout / 5 });
  /** Runs one of its commands with a wallet of its own. */
  async function run(wallet: string, command: string, ...more: readonly string[]): Promise<string> {
    const where = ['--regtest', '--offline', '-D', join(folder, wallet.replaceAll(' ', '-'))];
    return (await promisify(execFile)(electrum!, [command, ...where, ...more], inFolder())).stdout.trim();
  }

  /** Mines a coin to an address of the account. Returns the coin with its transaction. */
  async function minedTo(wallet: AccountWallet, index: number): Promise<Coin> {
    const [block] = await node.rpc<string[]>('generatetoaddress', [1, wallet.receive(index).address]);
    await node.rpc('generatetoaddress', [100, MINER]);
    const { tx } = await node.rpc<{ tx: { txid: Txid; hex: string; vout: { value: number }[] }[] }>('getblock', [block, 2]);
    const amount = sats(BigInt(Math.round(tx[0]!.vout[0]!.value * 1e8)));
    return { outPoint: { txid: tx[0]!.txid, vout: 0 }, amount, index, raw: hex.decode(tx[0]!.hex) };
  }

  it('reads the address, the amount and the label of the payment URI', TIME, async () => {
    const uri = paymentUri({ address: ADDRESS, amount: sats(50_001n), label: 'Refund 3f8b2c1e' });
    const script =
      'import json, sys; from electrum import constants, util; constants.set_regtest(); print(json.dumps(util.parse_URI(sys.argv[1])))';
    const { stdout } = await promisify(execFile)('/usr/bin/python3', ['-c', script, uri], inFolder());
    expect(JSON.parse(stdout)).toMatchObject({ address: ADDRESS, amount: 50_001, label: 'Refund 3f8b2c1e' });
  });

  it.each(WALLETS)('signs a refund from a $kind wallet, and looks for its change', TIME, async ({ kind, seed, account }) => {
    await run(kind, 'restore', seed);
    const wallet = parseAccount(account(await run(kind, 'getmpk')), 'regtest');
    const addresses = JSON.parse(await run(kind, 'listaddresses')) as string[];
    expect(addresses).toContain(wallet.receive(5).address);
    const coin = await minedTo(wallet, 5);
    const keys = new SpendingKeys(wallet.descriptor);
    const request = { keys, coins: [coin], script: DESTINATION, amount: sats(50_000n), feeRate: 3 };
    // The last one that a refund may get.
    const built = buildRefundPsbt({ ...request, changeIndex: CHANGE_ADDRESSES - 1 });
    if (built.kind !== 'built') throw new Error('expected a PSBT');
    const signed = await run(kind, 'signtransaction', built.psbt);
    const txid = await node.rpc<Txid>('sendrawtransaction', [signed]);
    expect(await node.rpc('gettxout', [txid, 0, true])).toMatchObject({
      value: 0.0005,
      scriptPubKey: { address: ADDRESS },
    });
    const change = await node.rpc<{ scriptPubKey: { address: string } }>('gettxout', [txid, 1, true]);
    expect(addresses).toContain(change.scriptPubKey.address);
  });
});
