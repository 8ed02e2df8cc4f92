import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TaskLoop, type TaskLoopOptions } from './task-loop.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const IDLE_MS = 1000;
const RETRY_MS = 100;

/** Creates a loop that records when its task ran and what it logged. */
function aLoop(task: TaskLoopOptions['task'] = async () => undefined, changes: Partial<TaskLoopOptions> = {}) {
  const ranAt: number[] = [];
  const output: string[] = [];
  const start = Date.now();
  const loop = new TaskLoop({
    name: 'tester',
    idleMs: IDLE_MS,
    retryMs: RETRY_MS,
    log: {
      warn: ({ failures }, message) => output.push(`${message} ${String(failures)}`),
      info: ({ failures }, message) => output.push(`${message} ${String(failures)}`),
    },
    task: (signal) => {
      ranAt.push(Date.now() - start);
      return task(signal);
    },
    ...changes,
  });
  return { loop, ranAt, output };
}

/** A task that runs until the test ends it. */
function heldTask() {
  const ends: (() => void)[] = [];
  const task = () => new Promise<undefined>((resolve) => ends.push(() => resolve(undefined)));
  return { task, end: () => ends.shift()?.() };
}

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

describe('a task loop', () => {
  it('runs at once, and again each time it has been idle for long enough', async () => {
    const { loop, ranAt } = aLoop();
    loop.start();
    await pass(2 * IDLE_MS);
    expect(ranAt).toEqual([0, IDLE_MS, 2 * IDLE_MS]);
    await loop.stop();
  });

  it('does nothing before it is started, and starts only once', async () => {
    const { loop, ranAt } = aLoop();
    loop.wake();
    await pass(IDLE_MS);
    expect(ranAt).toEqual([]);
    loop.start();
    loop.start();
    await pass(0);
    expect(ranAt).toEqual([IDLE_MS]);
    await loop.stop();
  });

  it.each([
    [250, 250],
    [0, 0],
    [-5, 0],
    [10 * IDLE_MS, IDLE_MS],
    [Number.POSITIVE_INFINITY, IDLE_MS],
  ])('whose task asks to run again after %d ms does so after %d ms', async (wished, waits) => {
    let runs = 0;
    const { loop, ranAt } = aLoop(async () => (runs++ === 0 ? wished : undefined));
    loop.start();
    await pass(IDLE_MS);
    expect(ranAt.slice(0, 2)).toEqual([0, waits]);
    await loop.stop();
  });

  it('runs at once when it is woken, and is then idle for its full time', async () => {
    const { loop, ranAt } = aLoop();
    loop.start();
    await pass(300);
    loop.wake();
    await pass(IDLE_MS);
    expect(ranAt).toEqual([0, 300, 300 + IDLE_MS]);
    await loop.stop();
  });

  it('never overlaps its runs, and runs once more for any number of wakes during a run', async () => {
    const { task, end } = heldTask();
    const { loop, ranAt } = aLoop(task);
    loop.start();
    await pass(10);
    for (let wakes = 0; wakes < 5; wakes += 1) loop.wake();
    await pass(10);
    expect(ranAt).toEqual([0]);
    end();
    await pass(10);
    expect(ranAt).toEqual([0, 20]);
    end();
    await pass(IDLE_MS - 1);
    expect(ranAt).toEqual([0, 20]);
    const stopped = loop.stop();
    end();
    await stopped;
  });

  it('runs again after a failure, logs the 1st, 2nd, 4th and 8th, and logs when it works again', async () => {
    let runs = 0;
    const { loop, ranAt, output } = aLoop(async () => {
      runs += 1;
      if (runs <= 9) throw new Error('no');
      return undefined;
    });
    loop.start();
    await pass(9 * RETRY_MS);
    expect(ranAt).toEqual(Array.from({ length: 10 }, (_, run) => run * RETRY_MS));
    expect(output).toEqual([
      'tester: failed 1',
      'tester: failed 2',
      'tester: failed 4',
      'tester: failed 8',
      'tester: works again 9',
    ]);
    await loop.stop();
  });

  it('restarts its count of failures after a success', async () => {
    let runs = 0;
    const { loop, output } = aLoop(async () => {
      runs += 1;
      if (runs % 2 === 1) throw new Error('no');
      return 0;
    });
    loop.start();
    await pass(RETRY_MS + 1);
    expect(output.slice(0, 3)).toEqual(['tester: failed 1', 'tester: works again 1', 'tester: failed 1']);
    await loop.stop();
  });

  it('survives a task that throws synchronously', async () => {
    const { loop, ranAt } = aLoop(() => {
      throw new Error('at once');
    });
    loop.start();
    await pass(RETRY_MS);
    expect(ranAt).toEqual([0, RETRY_MS]);
    await loop.stop();
  });

  it('waits before a retry even if it is woken while its task fails', async () => {
    const { loop, ranAt } = aLoop(async () => {
      loop.wake();
      throw new Error('no');
    });
    loop.start();
    await pass(RETRY_MS);
    expect(ranAt).toEqual([0, RETRY_MS]);
    await loop.stop();
  });

  it('stops at once while it is idle, and never runs again', async () => {
    const { loop, ranAt } = aLoop();
    loop.start();
    await pass(0);
    await loop.stop();
    loop.wake();
    loop.start();
    await pass(10 * IDLE_MS);
    expect(ranAt).toEqual([0]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('aborts the signal of a running task when it is stopped, and waits for the task', async () => {
    const { task, end } = heldTask();
    let signal: AbortSignal | undefined;
    const { loop } = aLoop((given) => {
      signal = given;
      return task();
    });
    loop.start();
    await pass(0);
    let stopped = false;
    const stopping = loop.stop().then(() => (stopped = true));
    await pass(IDLE_MS);
    expect([signal?.aborted, stopped]).toEqual([true, false]);
    end();
    await stopping;
    expect(stopped).toBe(true);
  });

  it('does not log a task that fails because the loop is stopped', async () => {
    const { loop, output } = aLoop(
      (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped')))),
    );
    loop.start();
    await pass(0);
    await loop.stop();
    expect(output).toEqual([]);
  });

  it('can be stopped before it is started', async () => {
    const { loop, ranAt } = aLoop();
    await loop.stop();
    loop.start();
    await pass(IDLE_MS);
    expect(ranAt).toEqual([]);
  });

  it('does not run at once when its idle time exceeds the maximum of a timer', async () => {
    vi.useRealTimers();
    const { loop, ranAt } = aLoop(undefined, { idleMs: 2 ** 31 });
    loop.start();
    await new Promise((resolve) => setTimeout(resolve, 30));
    await loop.stop();
    expect(ranAt).toHaveLength(1);
  });
});
