/**
 * Two ways to detect a change by asking the node: polling on a timer, and a call that the node holds until a block arrives. Each
 * runs until its signal is aborted and survives a node failure. It wakes once when the node fails and once when it is back.
 */
import { errorMessage } from '../../kernel/error-message.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NodeLog } from './node-log.ts';
import { resultOf, type NodeRpc } from './rpc/rpc.ts';

export interface ChangeLoopOptions {
  readonly rpc: NodeRpc;
  readonly wake: () => void;
  readonly signal: AbortSignal;
  readonly log: NodeLog;
}

const MAX_PAUSE_MS = 5_000;
const POLL_TIMEOUT_MS = 10_000;
/** How long the node holds a call. It occupies one of its threads for that long, even after we disconnect. */
const HOLD_MS = 30_000;

/** Compares the best block and the mempool's totals every `intervalMs`. The first comparison always wakes. */
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

/** Waits for the next block in the node itself. Does not notice mempool changes. */
export async function waitForBlocks(retryMs: number, options: ChangeLoopOptions): Promise<void> {
  const { rpc, signal } = options;
  await repeat('waiting for blocks', 10, retryMs, options, async () =>
    JSON.stringify(await rpc.call('waitfornewblock', [HOLD_MS], signal, HOLD_MS + POLL_TIMEOUT_MS)),
  );
}

/** Looks repeatedly, and wakes when the result changes, when looking starts to fail, and when it works again. */
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
        log.warn(`${name} failed, retrying: ${errorMessage(error)}`);
        // This way the watcher finds and reports that the source is unavailable now, not at its own next reading.
        wake();
      }
    }
    const nextMs = failures === 0 ? pauseMs : Math.min(retryMs * 2 ** (failures - 1), Math.max(retryMs, MAX_PAUSE_MS));
    await sleep(nextMs, undefined, { signal }).catch(() => undefined);
  }
}
