import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { ScriptHex } from '../../kernel/chain.ts';
import { SourceUnavailableError } from '../source.ts';
import { RpcError } from './rpc/rpc-error.ts';
import type { NodeRpc } from './rpc/rpc.ts';
import { scanWallet, type ScanProgress, type WalletScan } from './scan-wallet.ts';

/** A node whose scans take until `release`, or end at once, and that knows outputs at some indexes. */
class ScanningNode {
  readonly calls: string[] = [];
  readonly ranges: (readonly [number, number])[] = [];
  busyFor = 0;
  holds = false;
  aborted = false;
  readonly #paid: ReadonlySet<number>;

  constructor(paid: readonly number[] = []) {
    this.#paid = new Set(paid);
  }

  get rpc(): NodeRpc {
    return { call: (method, params, signal) => this.#call(method, params, signal) } as NodeRpc;
  }

  async #call(method: string, params: readonly unknown[], signal: AbortSignal): Promise<unknown> {
    const [action, objects] = params as [string, { range: [number, number] }[] | undefined];
    this.calls.push(`${method} ${action}`);
    if (action === 'abort') {
      this.aborted = true;
      return true;
    }
    if (action === 'status') {
      if (this.busyFor > 0) {
        this.busyFor -= 1;
        return { progress: 37 };
      }
      return this.holds ? { progress: 12.5 } : null;
    }
    if (this.busyFor > 0) throw new RpcError(method, -8, 'Scan already in progress, use action "abort" or "status"');
    while (this.holds) {
      await sleep(5, undefined, { signal }).catch(() => {});
      signal.throwIfAborted();
    }
    const range = objects?.[0]?.range ?? [0, 0];
    this.ranges.push(range);
    const unspents = [...this.#paid].filter((index) => index >= range[0] && index <= range[1]);
    return { success: true, unspents: unspents.map((index) => ({ scriptPubKey: scriptAt(index) })) };
  }
}

const scriptAt = (index: number): ScriptHex => index.toString(16).padStart(8, '0') as ScriptHex;

function scanOf(node: ScanningNode, more: Partial<WalletScan> = {}): Promise<number | undefined> {
  return scanWallet({
    rpc: node.rpc,
    descriptor: 'wpkh(tpub.../0/*)',
    scripts: (from, count) => Array.from({ length: count }, (_, nth) => scriptAt(from + nth)),
    from: 0,
    progress: () => {},
    signal: new AbortController().signal,
    pollMs: 5,
    ...more,
  });
}

describe('a scan for a wallet', () => {
  it.each([
    [[], 0, undefined, [[0, 1999]]],
    [[0], 0, 0, [[0, 1999]]],
    [[3, 999], 0, 999, [[0, 1999]]],
    // Near the end of the searched range: one more pass.
    [
      [3, 1000],
      0,
      1000,
      [
        [0, 1999],
        [2000, 3999],
      ],
    ],
    [
      [1500, 2400, 3500, 5999],
      0,
      5999,
      [
        [0, 1999],
        [2000, 3999],
        [4000, 5999],
        [6000, 7999],
      ],
    ],
    [[40, 7000], 100, undefined, [[100, 2099]]],
  ] as const)('of %j from %i finds %s', async (paid, from, last, ranges) => {
    const node = new ScanningNode(paid);
    expect(await scanOf(node, { from })).toBe(last);
    expect(node.ranges).toEqual(ranges);
    expect(node.aborted).toBe(false);
  });

  it('searches no index beyond the last', async () => {
    const node = new ScanningNode([2 ** 31 - 1]);
    expect(await scanOf(node, { from: 2 ** 31 - 5 })).toBe(2 ** 31 - 1);
    expect(node.ranges).toEqual([[2 ** 31 - 5, 2 ** 31 - 1]]);
  });

  it('waits for a scan of someone else, reports it, and does not abort it', async () => {
    const node = new ScanningNode([7]);
    node.busyFor = 3;
    const reported: ScanProgress[] = [];
    expect(await scanOf(node, { progress: (progress) => void reported.push(progress) })).toBe(7);
    expect(reported[0]).toEqual({ percent: 37, isOthers: true });
    expect(node.aborted).toBe(false);
  });

  it('reports its progress', async () => {
    const node = new ScanningNode([7]);
    node.holds = true;
    const reported: ScanProgress[] = [];
    const progress = (now: ScanProgress): void => {
      reported.push(now);
      node.holds = false;
    };
    expect(await scanOf(node, { progress })).toBe(7);
    expect(reported[0]).toEqual({ percent: 12, isOthers: false });
  });

  it('is aborted in the node as well when its caller gives up', async () => {
    const node = new ScanningNode();
    node.holds = true;
    const stopping = new AbortController();
    const scan = scanOf(node, { signal: stopping.signal, progress: () => stopping.abort(new Error('asked to stop')) });
    await expect(scan).rejects.toThrow('asked to stop');
    expect(node.aborted).toBe(true);
  });

  it('has a deadline for all passes, after which it is aborted in the node', async () => {
    const node = new ScanningNode();
    node.holds = true;
    await expect(scanOf(node, { timeoutMs: 50 })).rejects.toThrow(SourceUnavailableError);
    expect(node.aborted).toBe(true);
  });

  it('fails with the reason when someone else aborts it, or the node does not support it', async () => {
    const ended = { call: async () => ({ success: false, unspents: [] }) } as unknown as NodeRpc;
    await expect(scanOf(new ScanningNode(), { rpc: ended })).rejects.toThrow('someone has aborted the scan');
    const unknown = {
      call: async () => {
        throw new RpcError('scantxoutset', -32601, 'Method not found');
      },
    } as unknown as NodeRpc;
    await expect(scanOf(new ScanningNode(), { rpc: unknown })).rejects.toThrow(SourceUnavailableError);
  });
});
