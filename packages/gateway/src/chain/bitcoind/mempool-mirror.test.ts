import { describe, expect, test, vi } from 'vitest';
import type { BlockHash, Txid } from '../../kernel/chain.ts';
import { SourceUnavailableError, type MempoolIds } from '../source.ts';
import { MempoolMirror } from './mempool-mirror.ts';
import type { NodeRpc } from './rpc.ts';
import type { SequenceMessage } from './sequence-message.ts';

const signal = new AbortController().signal;
const txid = (n: number): Txid => n.toString(16).padStart(64, '0') as Txid;
const block = (n: number): BlockHash => n.toString(16).padStart(64, 'b') as BlockHash;

/** A node's mempool and what it publishes; messages reach the mirror unless the test keeps them back. */
class FakeMempool {
  tip = 1;
  loaded: unknown = true;
  readonly ids = new Set<Txid>();
  sequence = 1;
  nowMs = 0;
  /** What has been published and not delivered. */
  readonly waiting: SequenceMessage[] = [];
  holds = false;
  /** Done before the next list is answered. */
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
  /** A block that takes some along, of which no message tells. */
  mine(...numbers: readonly number[]): void {
    for (const n of numbers) if (this.ids.delete(txid(n))) this.sequence += 1;
    this.tip += 1;
    this.#publish({ kind: 'block', hash: block(this.tip) });
  }
  deliver(): void {
    for (const message of this.waiting.splice(0)) this.mirror.take(message);
  }
  /** What the mirror shows, sorted. */
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

test('without messages every reading is the list', async () => {
  const node = new FakeMempool();
  node.holds = true;
  node.add(1);
  expect(await node.shown()).toEqual([1]);
  node.add(2);
  expect(await node.shown()).toEqual([1, 2]);
  expect(node.mirror.lists).toBe(2);
});

test('with messages the list is asked for once, however much comes and goes', async () => {
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

test('a reading tells what has come and gone since an earlier one of the same list, and of no other', async () => {
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
  expect(third.changesSince?.(new Set())).toBeUndefined();
});

test('with a block the list is asked for anew, whether its message comes or not', async () => {
  const node = new FakeMempool();
  node.mirror.connected();
  node.add(1, 2, 3);
  await node.shown();
  node.mine(1);
  expect(await node.shown()).toEqual([2, 3]);
  node.holds = true;
  node.mine(2);
  expect(await node.shown()).toEqual([3]);
  // The message of the block that the list knew already, late.
  node.deliver();
  expect(await node.shown()).toEqual([3]);
  expect(node.mirror.lists).toBe(3);
});

test('messages that come while the list is on its way are applied where they are younger than it', async () => {
  const node = new FakeMempool();
  node.mirror.connected();
  node.add(1);
  node.before = () => node.add(2);
  await node.shown();
  expect(await node.shown()).toEqual([1, 2]);
  expect(node.mirror.lists).toBe(1);
});

test('messages on their way are waited for', async () => {
  const node = new FakeMempool();
  node.mirror.connected();
  await node.shown();
  node.holds = true;
  node.add(1);
  setTimeout(() => node.deliver(), 5);
  expect(await node.shown()).toEqual([1]);
  expect(node.mirror.lists).toBe(1);
});

describe('a message that is lost is noticed by what the node counts', () => {
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

  test('when others come after it', async () => {
    const node = await quiet();
    node.add(9);
    node.waiting.length = 0;
    node.holds = false;
    node.add(10);
    expect(await node.shown()).toEqual([1, 9, 10]);
  });

  test('when it is a replacement, which leaves as many as before', async () => {
    const node = await quiet();
    node.remove(1);
    node.add(9);
    expect(await node.shown()).toEqual([9]);
  });
});

test('a publisher that says nothing is waited for once, not with every reading', async () => {
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

test('the list is asked for again after a minute, though nothing seems amiss', async () => {
  const node = new FakeMempool();
  node.mirror.connected();
  await node.shown();
  node.nowMs += 60_001;
  await node.shown();
  expect(node.mirror.lists).toBe(2);
});

test('after a lost connection nothing is believed that was heard before', async () => {
  const node = new FakeMempool();
  node.mirror.connected();
  node.add(1);
  await node.shown();
  node.mirror.disconnected();
  await node.shown();
  await node.shown();
  expect(node.mirror.lists).toBe(3);
});

test('a mempool that is still being read from disk is not shown as if payments had gone', async () => {
  const node = new FakeMempool();
  node.loaded = false;
  await expect(node.mirror.read(signal)).rejects.toThrow(
    new SourceUnavailableError('bitcoind at http://node still reads its mempool from disk'),
  );
});

test('something else than ids is refused', async () => {
  const node = new FakeMempool();
  node.ids.add('xyz' as Txid);
  await expect(node.mirror.read(signal)).rejects.toThrow(SourceUnavailableError);
});

test('waiting for a message ends with the signal', async () => {
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
