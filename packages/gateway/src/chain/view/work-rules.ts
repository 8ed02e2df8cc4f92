/**
 * The work that each network requires of a block (`src/kernel/chainparams.cpp` and `src/pow.cpp` of Bitcoin Core): the target of
 * every block follows from the headers before it.
 */
import type { Network } from '../../kernel/chain.ts';
import { bitsOf, targetOf } from './compact-target.ts';

export interface WorkRules {
  /** The easiest permitted target, in compact form. */
  readonly easiestBits: number;
  /** The number of blocks between target changes; undefined: never. */
  readonly interval: number | undefined;
  /** How long an interval should take. */
  readonly timespanS: number;
  /** A block later than this after the previous one may have the easiest target; undefined: no block may. */
  readonly easyAfterS: number | undefined;
  /** BIP 94: a target is derived from that of the interval's first block, and the next interval may not begin long before. */
  readonly bip94: boolean;
}

const TWO_WEEKS_S = 14 * 24 * 3600;
const BITCOIN: WorkRules = {
  easiestBits: 0x1d00ffff,
  interval: 2016,
  timespanS: TWO_WEEKS_S,
  easyAfterS: undefined,
  bip94: false,
};

export const WORK_RULES: Record<Network, WorkRules> = {
  bitcoin: BITCOIN,
  testnet4: { ...BITCOIN, easyAfterS: 20 * 60, bip94: true },
  signet: { ...BITCOIN, easiestBits: 0x1e0377ae },
  regtest: { ...BITCOIN, easiestBits: 0x207fffff, interval: undefined },
};

/** How much earlier than the previous block the first block of an interval may be timestamped (BIP 94). */
const MAX_TIMEWARP_S = 600;

/** The parts of a header that the rules use. */
export interface WorkHeader {
  readonly timeS: number;
  readonly bits: number;
}

/** Returns a header below the judged one, or undefined if it is not loaded. */
export type HeaderBelow = (height: number) => WorkHeader | undefined;

export type WorkVerdict =
  | { readonly kind: 'good' }
  | { readonly kind: 'fault'; readonly fault: string }
  /** The header at this height is needed for a verdict. */
  | { readonly kind: 'needs'; readonly height: number };

const GOOD: WorkVerdict = { kind: 'good' };

/** Judges whether a header claims as much work as the headers before it demand. `headerFault` checks its own work. */
export function judgeTarget(height: number, header: WorkHeader, below: HeaderBelow, rules: WorkRules): WorkVerdict {
  const { interval } = rules;
  if (height === 0) return GOOD;
  // Without target changes, the target is that of the first block.
  if (interval === undefined) return compare(header, rules.easiestBits);
  const last = below(height - 1);
  if (last === undefined) return { kind: 'needs', height: height - 1 };
  if (height % interval === 0) {
    const first = below(height - interval);
    if (first === undefined) return { kind: 'needs', height: height - interval };
    if (rules.bip94 && header.timeS < last.timeS - MAX_TIMEWARP_S)
      return { kind: 'fault', fault: `expected a time from ${last.timeS - MAX_TIMEWARP_S} on, got ${header.timeS}` };
    return compare(header, retargetedBits(first, last, rules));
  }
  if (rules.easyAfterS === undefined) return compare(header, last.bits);
  if (header.timeS > last.timeS + rules.easyAfterS) return compare(header, rules.easiestBits);
  return compareWithLastRegular(height, header, below, rules, interval);
}

/** The target after an interval, in compact form. */
export function retargetedBits(first: WorkHeader, last: WorkHeader, rules: WorkRules): number {
  const { timespanS, easiestBits } = rules;
  const tookS = Math.min(Math.max(last.timeS - first.timeS, Math.floor(timespanS / 4)), timespanS * 4);
  const before = targetOf(rules.bip94 ? first.bits : last.bits) ?? 0n;
  const target = (before * BigInt(tookS)) / BigInt(timespanS);
  const easiest = targetOf(easiestBits) ?? 0n;
  return bitsOf(target > easiest ? easiest : target);
}

/** A block without the exception has the target of the last such block, or of the interval's first block. */
function compareWithLastRegular(
  height: number,
  header: WorkHeader,
  below: HeaderBelow,
  rules: WorkRules,
  interval: number,
): WorkVerdict {
  for (let at = height - 1; ; at -= 1) {
    const earlier = below(at);
    if (earlier === undefined) return { kind: 'needs', height: at };
    if (at % interval === 0 || earlier.bits !== rules.easiestBits) return compare(header, earlier.bits);
  }
}

function compare({ bits }: WorkHeader, expected: number): WorkVerdict {
  if (bits === expected) return GOOD;
  const [wanted, came] = [expected, bits].map((each) => `0x${each.toString(16).padStart(8, '0')}`);
  return { kind: 'fault', fault: `expected the target ${wanted}, got ${came}` };
}
