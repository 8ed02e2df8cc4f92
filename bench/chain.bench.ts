/**
 * How fast a block is parsed and matched against 1,000,000 watched scripts, compared with a common way: bitcoinjs-lib's block
 * parser with a Map of scripts in hex. The block is generated with the size and shape of a full one of 2026: 1.6 MB, some 3,400
 * transactions, mostly segwit, with two inputs and two outputs each on average; ten of its outputs are ours.
 *
 * `walked` parses and matches; `checked` does everything that the gateway does with a block, including the header's hash and the
 * merkle root. Method: one process, CPU time, rounds in turn, the median of each.
 */
import { createHash, randomInt } from 'node:crypto';
import { Block } from 'bitcoinjs-lib';
import { OutPointIndex } from '../packages/gateway/src/chain/out-point-index.ts';
import { ScriptIndex } from '../packages/gateway/src/chain/script-index.ts';
import { buildBlock, buildCoinbase } from '../packages/gateway/src/chain/sandbox/serialize.ts';
import { findPaymentsInBlock } from '../packages/gateway/src/chain/view/find-payments.ts';
import { compactSizeBytes } from '../packages/gateway/src/chain/view/transaction.ts';
import { TransactionWalk } from '../packages/gateway/src/chain/view/transaction-walk.ts';
import type { BlockHash, ScriptHex, Txid } from '../packages/gateway/src/kernel/chain.ts';
import { sats } from '../packages/gateway/src/kernel/sats.ts';
import { fullBlockTransactions } from './support/full-block-transactions.ts';
import { report } from './support/report.mjs';

const SCRIPTS = 1_000_000;
const OURS = 10;
const ROUNDS = 15;

const ours = (n: number): Buffer =>
  Buffer.concat([Uint8Array.of(0, 20), createHash('sha256').update(`${n}`).digest().subarray(0, 20)]);
const index = new ScriptIndex([randomInt(2 ** 32), randomInt(2 ** 32)]);
const addedMs = timed(() => {
  for (let n = 0; n < SCRIPTS; n += 1) index.addBytes(ours(n), 0, 22);
});
const indexBytes = index.byteLength / SCRIPTS;
console.log(
  `  ${SCRIPTS.toLocaleString('en')} scripts added in ${addedMs.toFixed(0)} ms, including the hashing that generates them`,
);

const map = new Map<string, number>();
const before = memory();
for (let n = 0; n < SCRIPTS; n += 1) map.set(ours(n).toString('hex'), n);
const mapBytes = (memory() - before) / SCRIPTS;

const { raw, hash } = fullBlock();
const megabytes = raw.length / 1e6;
const transactionsAt = 80 + compactSizeBytes(transactionCount(raw)).length;

/** The inputs of 10,000 unconfirmed payments with two inputs each; nothing in the block spends the same outputs. */
const outPoints = new OutPointIndex([randomInt(2 ** 32), randomInt(2 ** 32)]);
for (let n = 0; n < 20_000; n += 1)
  outPoints.add({ txid: createHash('sha256').update(`spent ${n}`).digest('hex') as Txid, vout: n % 3 });

const contenders = {
  walked: (): number => {
    const walk = new TransactionWalk(raw, transactionsAt, index);
    let found = 0;
    while (walk.offset < raw.length) {
      walk.next();
      found += walk.found.length;
    }
    return found;
  },
  checked: (): number => findPaymentsInBlock(raw, hash, index).matches.length,
  conflicts: (): number => findPaymentsInBlock(raw, hash, index, outPoints).matches.length,
  peer: (): number => {
    let found = 0;
    for (const { outs } of Block.fromBuffer(raw).transactions ?? [])
      for (const { script } of outs) if (map.has(Buffer.from(script).toString('hex'))) found += 1;
    return found;
  },
};
const speeds = Object.fromEntries(
  Object.entries(contenders).map(([name, work]) => {
    for (let warm = 0; warm < 5; warm += 1) if (work() !== OURS) throw new Error(`${name}: found ${work()} payments of ${OURS}`);
    return [name, [] as number[]];
  }),
) as Record<keyof typeof contenders, number[]>;
for (let round = 0; round < ROUNDS; round += 1)
  for (const name of ['walked', 'checked', 'conflicts', 'peer'] as const)
    speeds[name].push(megabytes / (timed(contenders[name]) / 1000));
const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] as number;
const [walked, checked, peer] = [median(speeds.walked), median(speeds.checked), median(speeds.peer)];

console.log(`  a block of ${megabytes.toFixed(2)} MB, ${transactionCount(raw)} transactions`);
report('parsed and matched', `${walked.toFixed(0)} MB/s`, { target: '>= 300 MB/s', met: walked >= 300 });
report('  over bitcoinjs-lib and a Map', (walked / peer).toFixed(1), { target: '>= 5', met: walked / peer >= 5 });
report('with header and merkle root checked', `${checked.toFixed(0)} MB/s`);
report('  over bitcoinjs-lib, which checks neither', (checked / peer).toFixed(1));
const day = (144 * megabytes) / checked;
report('and its inputs looked up among 20,000 outputs', `${median(speeds.conflicts).toFixed(0)} MB/s`);
report('144 full blocks, our part', `${day.toFixed(2)} s`, { target: '< 2 s', met: day < 2 });
report('memory per script', `${indexBytes.toFixed(1)} bytes`, { target: '<= 25', met: indexBytes <= 25 });
report('  a Map of hex', `${mapBytes.toFixed(0)} bytes`);

/** Returns the CPU time in milliseconds, which other processes hardly affect. */
function timed(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function memory(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

function transactionCount(block: Uint8Array): number {
  return block[80] === 0xfd ? (block[81] as number) + (block[82] as number) * 256 : (block[80] as number);
}

function fullBlock(): { raw: Uint8Array; hash: BlockHash } {
  const transactions = fullBlockTransactions((n) => (n < OURS ? ours(n) : undefined));
  const { raw: coinbase } = buildCoinbase(1, Uint8Array.of(0), [{ script: '51' as ScriptHex, amount: sats(1n) }]);
  return buildBlock({
    previous: '00'.repeat(32) as BlockHash,
    timeS: 1_795_000_000,
    nonce: 0,
    transactions: [coinbase, ...transactions],
  });
}
