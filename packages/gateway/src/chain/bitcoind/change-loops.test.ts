import { expect, test, vi } from 'vitest';
import { SourceUnavailableError } from '../source.ts';
import { pollForChange } from './change-loops.ts';
import type { NodeRpc } from './rpc/rpc.ts';

/** Simulates a node that answers each look with the next state; `undefined` stands for no answer. The last look ends the loop. */
async function looksAt(states: readonly (string | undefined)[]): Promise<{ wakes: number[]; lines: string[] }> {
  const stop = new AbortController();
  const wakes: number[] = [];
  const lines: string[] = [];
  let look = 0;
  const rpc: NodeRpc = {
    origin: 'http://node',
    call: () => Promise.reject(new Error('not asked')),
    batch: () => {
      const result = states[look++];
      if (look > states.length) stop.abort();
      if (result === undefined) return Promise.reject(new SourceUnavailableError('gone'));
      return Promise.resolve([{ kind: 'result', result }]);
    },
    rest: () => Promise.resolve(undefined),
  };
  const note = (line: string): void => void lines.push(line);
  await pollForChange(1, { rpc, wake: () => wakes.push(look), signal: stop.signal, log: { info: note, warn: note } });
  return { wakes, lines };
}

test('the first look wakes, and so does each change', async () => {
  expect(await looksAt(['a', 'a', 'b', 'b', 'a'])).toEqual({ wakes: [1, 3, 5], lines: [] });
});

test('a failing node wakes, and wakes again when it is back unchanged, and the failure is logged once', async () => {
  expect(await looksAt(['a', undefined, undefined, undefined, 'a', 'a'])).toEqual({
    wakes: [1, 2, 5],
    lines: ['polling failed, retrying: gone', 'bitcoind at http://node: polling works again'],
  });
});

test('a stopped loop neither looks nor wakes', async () => {
  const wake = vi.fn<() => void>();
  const log = { info: () => undefined, warn: () => undefined };
  await pollForChange(1, { rpc: {} as NodeRpc, wake, signal: AbortSignal.abort(), log });
  expect(wake).not.toHaveBeenCalled();
});
