/**
 * Two ways to learn of a change by asking: a comparison on a timer, and a call that the node holds until a block comes.
 * Each runs until its signal ends it, outlives a dead node, and wakes once when the node goes and once when it is back.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { NodeLog } from './node-log.ts';
import { resultOf, type NodeRpc } from './rpc.ts';

export interface ChangeLoopOptions {
  readonly rpc: NodeRpc;
  readonly wake: () => void;
  readonly signal: AbortSignal;
  readonly log: NodeLog;
}

const LONGEST_PAUSE_MS = 5_000;
const POLL_TIMEOUT_MS = 10_000;
/** How long the node holds a call. It keeps one of its threads that long, even when we have gone. */
const HOLD_MS = 30_000;

/** Compares the best block and the mempool's figures every `intervalMs`; the first look always wakes. */
export async function pollForChange(intervalMs: number, options: ChangeLoopOptions): Promise<void> {
  const { rpc, signal } = options;
  await repeat('polling', intervalMs, intervalMs, options, async () => {
    const outcomes = await rpc.batch(
      [
        { method: 'getbestblockhash', params: [] },
        { method: 'getmempoolinfo', params: [] }, // count, bytes, fees: a replacement changes them too
      ],
      signal,
      POLL_TIMEOUT_MS,
    );
    return JSON.stringify(outcomes.map(resultOf));
  });
}

/** Waits for the next block in the node itself. Sees no mempool. */
export async function waitForBlocks(retryMs: number, options: ChangeLoopOptions): Promise<void> {
  const { rpc, signal } = options;
  await repeat('waiting for blocks', 10, retryMs, options, async () =>
    JSON.stringify(await rpc.call('waitfornewblock', [HOLD_MS], signal, HOLD_MS + POLL_TIMEOUT_MS)),
  );
}

/** Looks again and again, and wakes when what it sees has changed, is out of sight, or could be seen again. */
async function repeat(
  name: string,
  pauseMs: number,
  retryMs: number,
  options: ChangeLoopOptions,
  look: () => Promise<string>,
): Promise<void> {
  const { rpc, wake, signal, log } = options;
  let seen: string | undefined;
  let failures = 0;
  while (!signal.aborted) {
    try {
      const now = await look();
      if (failures > 0) log.info(`bitcoind at ${rpc.origin}: ${name} works again`);
      failures = 0;
      if (now !== seen && !signal.aborted) wake();
      seen = now;
    } catch (error) {
      if (signal.aborted) return;
      seen = undefined;
      failures += 1;
      if (failures === 1) {
        log.warn(`${name} failed, going on: ${error instanceof Error ? error.message : String(error)}`);
        // Whoever watches finds the source gone, and says so, now rather than at its own next look.
        wake();
      }
    }
    const nextMs = failures === 0 ? pauseMs : Math.min(retryMs * 2 ** (failures - 1), Math.max(retryMs, LONGEST_PAUSE_MS));
    await sleep(nextMs, undefined, { signal }).catch(() => undefined);
  }
}
