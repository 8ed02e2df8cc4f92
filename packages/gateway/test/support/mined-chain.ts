/** Mines chains with real proof of work at easy targets, for tests of which chains the gateway believes. */
import { buildCoinbase } from '../../src/chain/sandbox/serialize.ts';
import { bitsOf, targetOf } from '../../src/chain/view/compact-target.ts';
import { hashOfHeader } from '../../src/chain/view/block-header.ts';
import { merkleRootOf } from '../../src/chain/view/merkle.ts';
import { parseTransaction } from '../../src/chain/view/transaction.ts';
import { retargetedBits, type WorkRules } from '../../src/chain/view/work-rules.ts';
import type { BlockRef, ScriptHex } from '../../src/kernel/chain.ts';
import { sats } from '../../src/kernel/sats.ts';

export interface MinedBlock extends BlockRef {
  readonly header: Buffer;
  readonly timeS: number;
  readonly bits: number;
  /** The serialised block. */
  readonly raw: Buffer;
}

export interface Mining {
  /** Default: ten minutes after the block before it. */
  readonly timeS?: number;
  /** Default: what the rules require. */
  readonly bits?: number;
  /** Whether its hash meets its target. Default: true. */
  readonly works?: boolean;
  /** Makes the block differ from others on the same parent. */
  readonly salt?: number;
  /** Its transactions, without the coinbase. */
  readonly transactions?: readonly Uint8Array[];
}

/** OP_TRUE, which anyone can spend. */
const ANYONE = '51' as ScriptHex;
const FIRST_TIME_S = 1_700_000_000;

/** Mines a block on a chain that begins at height 0, by default according to the rules. */
export function mineOn(chain: readonly MinedBlock[], rules: WorkRules, mining: Mining = {}): MinedBlock {
  const parent = chain.at(-1);
  const height = chain.length;
  const timeS = mining.timeS ?? (parent === undefined ? FIRST_TIME_S : parent.timeS + 600);
  const bits = mining.bits ?? requiredBits(chain, rules);
  const coinbase = buildCoinbase(height, Uint8Array.of(mining.salt ?? 0), [{ script: ANYONE, amount: sats(50n) }]);
  const transactions = [coinbase.raw, ...(mining.transactions ?? [])];
  const { root } = merkleRootOf(transactions.map((raw) => parseTransaction(raw).hash));
  const header = Buffer.alloc(80);
  header.writeUInt32LE(4, 0);
  if (parent !== undefined) Buffer.from(parent.hash, 'hex').reverse().copy(header, 4);
  header.set(root, 36);
  header.writeUInt32LE(timeS, 68);
  header.writeUInt32LE(bits, 72);
  const target = targetOf(bits) ?? 0n;
  for (let nonce = 0; ; nonce += 1) {
    header.writeUInt32LE(nonce, 76);
    const hash = hashOfHeader(header);
    if (BigInt(`0x${hash}`) <= target === (mining.works ?? true))
      return {
        height,
        hash,
        header,
        timeS,
        bits,
        raw: Buffer.concat([header, Uint8Array.of(transactions.length), ...transactions]),
      };
  }
}

/** Mines a chain of `count` blocks according to the rules. */
export function mineChain(count: number, rules: WorkRules): MinedBlock[] {
  const chain: MinedBlock[] = [];
  while (chain.length < count) chain.push(mineOn(chain, rules));
  return chain;
}

function requiredBits(chain: readonly MinedBlock[], rules: WorkRules): number {
  const last = chain.at(-1);
  if (last === undefined) return rules.easiestBits;
  const { interval } = rules;
  if (interval === undefined || chain.length % interval !== 0) return last.bits;
  return retargetedBits(chain[chain.length - interval] ?? last, last, rules);
}

/** Returns a target that is `times` easier, for forged blocks. */
export function easier(bits: number, times: bigint): number {
  return bitsOf((targetOf(bits) ?? 0n) * times);
}
