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

/** A loop whose task notes when it ran, and a log that can be read. */
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
  return { loop, ranAt, output: output };
}

/** A task whose end the test decides. */
function heldTask() {
  const ends: (() => void)[] = [];
  const task = () => new Promise<undefined>((resolve) => ends.push(() => resolve(undefined)));
  return { task, end: () => ends.shift()?.() };
}

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

describe('a task loop', () => {
  it('runs at once and then whenever it has been idle for its time', async () => {
    const { loop, ranAt } = aLoop();
    loop.start();
    await pass(2 * IDLE_MS);
    expect(ranAt).toEqual([0, IDLE_MS, 2 * IDLE_MS]);
    await loop.stop();
  });

  it('does nothing before it is started, and starts once however often it is told to', async () => {
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
  ])('that wants to run again after %d ms does so after %d', async (wished, waits) => {
    let runs = 0;
    const { loop, ranAt } = aLoop(async () => (runs++ === 0 ? wished : undefined));
    loop.start();
    await pass(IDLE_MS);
    expect(ranAt.slice(0, 2)).toEqual([0, waits]);
    await loop.stop();
  });

  it('runs at once when it is woken, and is idle for its time after that', async () => {
    const { loop, ranAt } = aLoop();
    loop.start();
    await pass(300);
    loop.wake();
    await pass(IDLE_MS);
    expect(ranAt).toEqual([0, 300, 300 + IDLE_MS]);
    await loop.stop();
  });

  it('never runs twice at the same time; any number of wakes during a run lead to one more', async () => {
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

  it('tries again after a failure, says so at the 1st, 2nd, 4th and 8th, and says when it works again', async () => {
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

  it('counts failures anew after it has worked', async () => {
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

  it('survives a task that throws before it returns a promise', async () => {
    const { loop, ranAt } = aLoop(() => {
      throw new Error('at once');
    });
    loop.start();
    await pass(RETRY_MS);
    expect(ranAt).toEqual([0, RETRY_MS]);
    await loop.stop();
  });

  it('is not made to hammer by wakes while its task fails', async () => {
    const { loop, ranAt } = aLoop(async () => {
      loop.wake();
      throw new Error('no');
    });
    loop.start();
    await pass(RETRY_MS);
    expect(ranAt).toEqual([0, RETRY_MS]);
    await loop.stop();
  });

  it('that is stopped ends the pause at once and runs no more', async () => {
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

  it('that is stopped tells its task, and waits for it', async () => {
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

  it('that is stopped says nothing of a task that fails because of it', async () => {
    const { loop, output } = aLoop(
      (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('stopped')))),
    );
    loop.start();
    await pass(0);
    await loop.stop();
    expect(output).toEqual([]);
  });

  it('can be stopped before it was started', async () => {
    const { loop, ranAt } = aLoop();
    await loop.stop();
    loop.start();
    await pass(IDLE_MS);
    expect(ranAt).toEqual([]);
  });

  it('whose pause is longer than a timer can be does not run at once instead', async () => {
    vi.useRealTimers();
    const { loop, ranAt } = aLoop(undefined, { idleMs: 2 ** 31 });
    loop.start();
    await new Promise((resolve) => setTimeout(resolve, 30));
    await loop.stop();
    expect(ranAt).toHaveLength(1);
  });
});
