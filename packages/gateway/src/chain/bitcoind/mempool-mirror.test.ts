import { describe, expect, test, vi } from 'vitest';
import type { BlockHash, Txid } from '../../kernel/chain.ts';
import { mempoolOf, SourceUnavailableError, type MempoolIds } from '../source.ts';
import { MempoolMirror } from './mempool-mirror.ts';
import type { NodeRpc } from './rpc/rpc.ts';
import type { SequenceMessage } from './zmq/sequence-message.ts';

const signal = new AbortController().signal;
const txid = (n: number): Txid => n.toString(16).padStart(64, '0') as Txid;
const block = (n: number): BlockHash => n.toString(16).padStart(64, 'b') as BlockHash;

/** A node's mempool and its messages, which reach the mirror unless the test holds them back. */
class FakeMempool {
  tip = 1;
  loaded: unknown = true;
  readonly ids = new Set<Txid>();
  sequence = 1;
  nowMs = 0;
  /** Published messages that are not delivered yet. */
  readonly waiting: SequenceMessage[] = [];
  holds = false;
  /** Called before the next list is answered. */
  before: () => void = () => undefined;
  readonly mirror: MempoolMirror = new MempoolMirror({
    rpc: this.#rpc(),
    nowMs: () => this.nowMs + performance.now(),
    patienceMs: 30,
  });

  add(...numbers: readonly number[]): void {
    for (const n of numbers) {
      this.ids.add(txid(n));
      this.#publish({ kind: 'added', txid: txid(n), sequence: this.sequence++ });
    }
  }
  remove(n: number): void {
    this.ids.delete(txid(n));
    this.#publish({ kind: 'removed', txid: txid(n), sequence: this.sequence++ });
  }
  /** Mines a block that removes some transactions, for which no messages are sent. */
  mine(...numbers: readonly number[]): void {
    for (const n of numbers) if (this.ids.delete(txid(n))) this.sequence += 1;
    this.tip += 1;
    this.#publish({ kind: 'block', hash: block(this.tip) });
  }
  deliver(): void {
    for (const message of this.waiting.splice(0)) this.mirror.take(message);
  }
  /** The contents of the mirror, sorted. */
  async shown(): Promise<number[]> {
    return numbersOf(await this.mirror.read(signal));
  }

  #publish(message: SequenceMessage): void {
    this.waiting.push(message);
    if (!this.holds) this.deliver();
  }

  #rpc(): NodeRpc {
    const results: Record<string, () => unknown> = {
      getbestblockhash: () => block(this.tip),
      getmempoolinfo: () => ({ loaded: this.loaded, size: this.ids.size, bytes: this.sequence, total_fee: 0.1 }),
      getrawmempool: () => {
        const answer = { txids: [...this.ids], mempool_sequence: this.sequence };
        const { before } = this;
        this.before = () => undefined;
        before();
        return answer;
      },
    };
    return {
      origin: 'http://node',
      call: () => Promise.reject(new Error('not asked')),
      rest: () => Promise.resolve(undefined),
      batch: async (calls) => calls.map(({ method }) => ({ kind: 'result', result: results[method]?.() })),
    };
  }
}

function numbersOf(ids: Iterable<Txid>): number[] {
  return [...ids].map((id) => Number.parseInt(id, 16)).sort((a, b) => a - b);
}

test('every reading fetches the list without messages', async () => {
  const node = new FakeMempool();
  node.holds = true;
  node.add(1);
  expect(await node.shown()).toEqual([1]);
  node.add(2);
  expect(await node.shown()).toEqual([1, 2]);
  expect(node.mirror.lists).toBe(2);
});

test('the list is fetched only once with messages, however much changes', async () => {
  const node = new FakeMempool();
  node.mirror.connected();
  await node.shown();
  for (let n = 1; n <= 100; n += 1) {
    node.add(n);
    if (n % 3 === 0) node.remove(n - 1);
    expect(await node.shown()).toEqual(numbersOf(node.ids));
  }
  expect(node.mirror.lists).toBe(1);
});

test('a reading reports the changes since an earlier one of the same list only', async () => {
  const node = new FakeMempool();
  node.mirror.connected();
  node.add(1, 2);
  const first = await node.mirror.read(signal);
  node.add(3);
  node.remove(1);
  node.add(1);
  const second = await node.mirror.read(signal);
  expect(second.changesSince?.(first)).toEqual({ added: [txid(3), txid(1)], removed: [txid(1)] });
  node.remove(3);
  expect(second.changesSince?.(first)?.removed).toEqual([txid(1)]);
  node.mine();
  const third: MempoolIds = await node.mirror.read(signal);
  expect(third.changesSince?.(second)).toBeUndefined();
  expect(third.changesSince?.(mempoolOf(new Set(), 'unknown'))).toBeUndefined();
});

test('the list is fetched again with every block, whether or not its message arrives', async () => {
  const node = new FakeMempool();
  node.mirror.connected();
  node.add(1, 2, 3);
  await node.shown();
  node.mine(1);
  expect(await node.shown()).toEqual([2, 3]);
  node.holds = true;
  node.mine(2);
  expect(await node.shown()).toEqual([3]);
  // The late message of the block that the list already reflects.
  node.deliver();
  expect(await node.shown()).toEqual([3]);
  expect(node.mirror.lists).toBe(3);
});

test('messages that arrive while the list is fetched are applied if they are newer', async () => {
  const node = new FakeMempool();
  node.mirror.connected();
  node.add(1);
  node.before = () => node.add(2);
  await node.shown();
  expect(await node.shown()).toEqual([1, 2]);
  expect(node.mirror.lists).toBe(1);
});

test('messages in transit are waited for', async () => {
  const node = new FakeMempool();
  node.mirror.connected();
  await node.shown();
  node.holds = true;
  node.add(1);
  setTimeout(() => node.deliver(), 5);
  expect(await node.shown()).toEqual([1]);
  expect(node.mirror.lists).toBe(1);
});

describe('a lost message is detected by the count of the node', () => {
  async function quiet(): Promise<FakeMempool> {
    const node = new FakeMempool();
    node.mirror.connected();
    node.add(1);
    await node.shown();
    node.holds = true;
    return node;
  }

  test('when it is the last one', async () => {
    const node = await quiet();
    node.add(9);
    expect(await node.shown()).toEqual([1, 9]);
  });

  test('when others follow it', async () => {
    const node = await quiet();
    node.add(9);
    node.waiting.length = 0;
    node.holds = false;
    node.add(10);
    expect(await node.shown()).toEqual([1, 9, 10]);
  });

  test('when it is a replacement, which leaves the count unchanged', async () => {
    const node = await quiet();
    node.remove(1);
    node.add(9);
    expect(await node.shown()).toEqual([9]);
  });
});

test('a silent publisher is waited for once, not in every reading', async () => {
  const node = new FakeMempool();
  node.mirror.connected();
  await node.shown();
  node.holds = true;
  node.add(1);
  await node.shown();
  node.add(2);
  const begin = performance.now();
  expect(await node.shown()).toEqual([1, 2]);
  expect(performance.now() - begin).toBeLessThan(25);
});

test('the list is fetched again after a minute even if nothing seems wrong', async () => {
  const node = new FakeMempool();
  node.mirror.connected();
  await node.shown();
  node.nowMs += 60_001;
  await node.shown();
  expect(node.mirror.lists).toBe(2);
});

test('after a lost connection, earlier messages are no longer trusted', async () => {
  const node = new FakeMempool();
  node.mirror.connected();
  node.add(1);
  await node.shown();
  node.mirror.disconnected();
  await node.shown();
  await node.shown();
  expect(node.mirror.lists).toBe(3);
});

test('a mempool that is still loading does not look as if payments had left it', async () => {
  const node = new FakeMempool();
  node.loaded = false;
  await expect(node.mirror.read(signal)).rejects.toThrow(
    new SourceUnavailableError('bitcoind at http://node is still loading its mempool from disk'),
  );
});

test('anything but ids is refused', async () => {
  const node = new FakeMempool();
  node.ids.add('xyz' as Txid);
  await expect(node.mirror.read(signal)).rejects.toThrow(SourceUnavailableError);
});

test('waiting for a message ends when the signal is aborted', async () => {
  const node = new FakeMempool();
  node.mirror.connected();
  await node.shown();
  node.holds = true;
  node.add(1);
  const stopping = new AbortController();
  const reading = node.mirror.read(stopping.signal);
  const aborted = vi.waitFor(() => expect(reading).rejects.toThrow('enough'));
  setTimeout(() => stopping.abort(new Error('enough')), 3);
  await aborted;
});
