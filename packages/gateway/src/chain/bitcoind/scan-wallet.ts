/**
 * Finds which addresses of a wallet hold bitcoin with `scantxoutset`, which needs neither a wallet nor an index in the node. It
 * only finds unspent outputs: an address with all its bitcoin spent looks like one that was never used.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ScriptHex } from '../../kernel/chain.ts';
import { SourceUnavailableError } from '../source.ts';
import { asArray, asRecord, asText } from './rpc/answer-parts.ts';
import { withDeadline } from './rpc/deadline.ts';
import { RPC_CODE, RpcError } from './rpc/rpc-error.ts';
import type { NodeRpc } from './rpc/rpc.ts';
import { HOUR_MS } from '../../kernel/durations.ts';

export interface WalletScan {
  readonly rpc: NodeRpc;
  /** The ranged descriptor of the receiving addresses. */
  readonly descriptor: string;
  /** The scripts at `count` consecutive indexes. */
  readonly scripts: (from: number, count: number) => readonly ScriptHex[];
  /** The first index of the search. */
  readonly from: number;
  /** Called every second with the progress of one pass, or of someone else's scan that this one waits for. */
  readonly progress: (progress: ScanProgress) => void;
  readonly signal: AbortSignal;
  /** For all passes together. Default: an hour. */
  readonly timeoutMs?: number;
  /** Default: a second. */
  readonly pollMs?: number;
}

export interface ScanProgress {
  readonly percent: number;
  /** Whether the node is busy with someone else's scan. */
  readonly isOthers: boolean;
}

/** How many consecutive unused indexes end the search. */
const SCAN_GAP = 1_000;
/** How many indexes one pass covers. A pass reads the whole UTXO set, so more indexes cost next to nothing. */
const INDEXES_PER_PASS = 2 * SCAN_GAP;
const MAX_INDEX = 2 ** 31 - 1;

/**
 * Finds the highest index, `from` or above, at which the node knows an unspent output; undefined when none exists.
 *
 * @throws SourceUnavailableError when the node refuses or takes too long; the signal's reason. Our scan has been aborted by then.
 */
export async function scanWallet(scan: WalletScan): Promise<number | undefined> {
  return withDeadline('scantxoutset', scan.timeoutMs ?? HOUR_MS, scan.signal, async (signal) => {
    let last: number | undefined;
    for (let from = scan.from; from <= MAX_INDEX; from += INDEXES_PER_PASS) {
      const count = Math.min(INDEXES_PER_PASS, MAX_INDEX - from + 1);
      last = highestOf(scan, from, count, await pass(scan, from, count, signal)) ?? last;
      if (last === undefined || last < from + count - SCAN_GAP) return last;
    }
    return last;
  });
}

/** Returns the scripts that hold bitcoin. */
async function pass(scan: WalletScan, from: number, count: number, signal: AbortSignal): Promise<ReadonlySet<string>> {
  for (;;) {
    try {
      return await start(scan, from, count, signal);
    } catch (error) {
      if (!isBusy(error)) throw error instanceof RpcError ? new SourceUnavailableError(error.message, { cause: error }) : error;
      await othersEnd(scan, signal);
    }
  }
}

async function start(
  { rpc, descriptor, progress, pollMs = 1_000 }: WalletScan,
  from: number,
  count: number,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  const done = new AbortController();
  const polling = poll(async () => {
    const percent = await percentDone(rpc, signal);
    if (percent !== undefined && !done.signal.aborted) progress({ percent, isOthers: false });
  });
  async function poll(look: () => Promise<void>): Promise<void> {
    while (!done.signal.aborted) {
      await sleep(pollMs, undefined, { signal: done.signal }).catch(() => {});
      if (!done.signal.aborted) await look().catch(() => {});
    }
  }
  try {
    const range = [from, from + count - 1];
    // The deadline for all passes applies here too.
    const answer = asRecord(
      await rpc.call('scantxoutset', ['start', [{ desc: descriptor, range }]], signal, 2 ** 31 - 1),
      'scantxoutset',
    );
    if (answer['success'] !== true) throw new SourceUnavailableError('bitcoind: scantxoutset: someone has aborted the scan');
    const unspent = asArray(answer['unspents'], 'scantxoutset: unspents');
    return new Set(unspent.map((output) => asText(asRecord(output, 'unspents')['scriptPubKey'], 'scriptPubKey')));
  } catch (error) {
    // The node would continue, and refuse the next scan. A scan that someone else started is left alone.
    if (!isBusy(error)) await rpc.call('scantxoutset', ['abort'], AbortSignal.timeout(5_000)).catch(() => {});
    throw error;
  } finally {
    done.abort();
    await polling;
  }
}

async function othersEnd({ rpc, progress, pollMs = 1_000 }: WalletScan, signal: AbortSignal): Promise<void> {
  for (;;) {
    const percent = await percentDone(rpc, signal);
    if (percent === undefined) return;
    progress({ percent, isOthers: true });
    await sleep(pollMs, undefined, { signal });
  }
}

/** Undefined while no scan is running. */
async function percentDone(rpc: NodeRpc, signal: AbortSignal): Promise<number | undefined> {
  const status = await rpc.call('scantxoutset', ['status'], signal);
  if (status === null) return undefined;
  const { progress } = asRecord(status, 'scantxoutset: status');
  return typeof progress === 'number' ? Math.floor(progress) : 0;
}

/** Recognised by its message, because the code only means an invalid parameter. */
function isBusy(error: unknown): boolean {
  return error instanceof RpcError && error.code === RPC_CODE.outOfRange && /already in progress/i.test(error.message);
}

function highestOf({ scripts }: WalletScan, from: number, count: number, found: ReadonlySet<string>): number | undefined {
  if (found.size === 0) return undefined;
  const nth = scripts(from, count).findLastIndex((script) => found.has(script));
  return nth === -1 ? undefined : from + nth;
}
