import { describe, expect, test } from 'vitest';
import { OperatorError } from '../kernel/operator-error.ts';
import { Lifecycle, type Part } from './lifecycle.ts';

/** Creates a lifecycle with its log, and parts that record when they are started and stopped. */
function world(
  options: { stopTimeoutMs?: number; totalStopTimeoutMs?: number; replace?: (name: string, part: Part) => Part } = {},
): {
  lifecycle: Lifecycle;
  calls: string[];
  logged: string[];
  part: (name: string, faults?: Part) => Part;
} {
  const calls: string[] = [];
  const logged: string[] = [];
  const lifecycle = new Lifecycle({ stopTimeoutMs: 10_000, ...options });
  lifecycle.logTo({ error: (fields, message) => void logged.push(`${String(fields['part'])} | ${message}`) });
  const part = (name: string, { start, stop }: Part = {}): Part => ({
    start: async () => {
      calls.push(`start ${name}`);
      await start?.();
    },
    stop: async () => {
      calls.push(`stop ${name}`);
      await stop?.();
    },
  });
  return { lifecycle, calls, logged, part };
}

const fails = (): never => {
  throw new Error('broken');
};

describe('the parts of a program', () => {
  test('go on for the delay after they have begun to stop, which takes nothing of their time to stop', async () => {
    const { lifecycle, calls, part } = world({ totalStopTimeoutMs: 200 });
    await lifecycle.use('a', { ...part('a'), beginStop: () => void calls.push('begin a') });
    await lifecycle.use('b', part('b'));
    const begun = performance.now();
    const stopping = lifecycle.stop(300);
    expect(calls).toEqual(['start a', 'start b', 'begin a']);
    expect(await stopping).toEqual([]);
    expect(performance.now() - begun).toBeGreaterThanOrEqual(295);
    expect(calls.slice(3)).toEqual(['stop b', 'stop a']);
  });

  test('start in order and stop in reverse order', async () => {
    const { lifecycle, calls, part } = world();
    for (const name of ['a', 'b', 'c']) await lifecycle.use(name, part(name));
    expect(await lifecycle.stop()).toEqual([]);
    expect(calls).toEqual(['start a', 'start b', 'start c', 'stop c', 'stop b', 'stop a']);
  });

  test('stop only once', async () => {
    const { lifecycle, calls, part } = world();
    await lifecycle.use('a', part('a'));
    await Promise.all([lifecycle.stop(), lifecycle.stop()]);
    await lifecycle.stop();
    expect(calls).toEqual(['start a', 'stop a']);
  });

  test('all begin to stop before the first one is stopped, even if one of them fails to', async () => {
    const { lifecycle, calls, logged, part } = world();
    for (const name of ['a', 'b', 'c'])
      await lifecycle.use(name, { ...part(name), beginStop: name === 'b' ? fails : () => void calls.push(`begin ${name}`) });
    calls.length = 0;
    expect(await lifecycle.stop()).toEqual([]);
    expect(calls).toEqual(['begin c', 'begin a', 'stop c', 'stop b', 'stop a']);
    expect(logged).toEqual(['b | b: failed to begin to stop: broken']);
  });

  test('have a limit together, beyond which each of the rest still gets a moment', async () => {
    const { lifecycle, calls, part } = world({ totalStopTimeoutMs: 200 });
    await lifecycle.use('a', part('a'));
    for (const name of ['b', 'c']) await lifecycle.use(name, part(name, { stop: () => new Promise(() => {}) }));
    calls.length = 0;
    expect(await lifecycle.stop()).toEqual(['c', 'b']);
    expect(calls.at(-1)).toBe('stop a');
  });

  test('stop when a later part fails to start, whose name is logged', async () => {
    const { lifecycle, calls, logged, part } = world();
    await lifecycle.use('a', part('a'));
    await expect(lifecycle.use('b', part('b', { start: fails }))).rejects.toThrow('broken');
    await lifecycle.stop();
    expect(calls).toEqual(['start a', 'start b', 'stop a']);
    expect(logged).toEqual(['b | b: failed to start: broken']);
  });

  test('do not log an OperatorError, which their caller reports', async () => {
    const { lifecycle, logged, part } = world();
    const start = (): never => {
      throw new OperatorError('port 80 is in use');
    };
    await expect(lifecycle.use('a', part('a', { start }))).rejects.toThrow('port 80 is in use');
    expect(logged).toEqual([]);
  });

  test('all stop even if one of them fails to, whose name is logged and returned', async () => {
    const { lifecycle, calls, logged, part } = world();
    for (const name of ['a', 'b', 'c']) await lifecycle.use(name, part(name, name === 'b' ? { stop: fails } : {}));
    expect(await lifecycle.stop()).toEqual(['b']);
    expect(calls.slice(3)).toEqual(['stop c', 'stop b', 'stop a']);
    expect(logged).toEqual(['b | b: failed to stop: broken']);
  });

  test('all stop even if one of them never finishes stopping', async () => {
    const { lifecycle, calls, logged, part } = world();
    await lifecycle.use('a', part('a'));
    await lifecycle.use('b', part('b', { stop: () => new Promise(() => {}) }), { stopTimeoutMs: 10 });
    expect(await lifecycle.stop()).toEqual(['b']);
    expect(calls.slice(2)).toEqual(['stop b', 'stop a']);
    expect(logged).toEqual(['b | b: failed to stop: expected it to stop within 10 ms']);
  });

  test('may be resources, which are closed in order', async () => {
    const { lifecycle, calls, part } = world();
    const resource = await lifecycle.open(
      'file',
      () => ({ text: 'opened' }),
      ({ text }) => void calls.push(`close what was ${text}`),
    );
    await lifecycle.use('a', part('a'));
    expect(resource.text).toBe('opened');
    await lifecycle.stop();
    expect(calls).toEqual(['start a', 'stop a', 'close what was opened']);
  });

  test('close no resource that failed to open', async () => {
    const { lifecycle, calls } = world();
    await expect(lifecycle.open('file', fails, () => void calls.push('closed'))).rejects.toThrow('broken');
    expect(await lifecycle.stop()).toEqual([]);
    expect(calls).toEqual([]);
  });

  test('can be replaced by a test', async () => {
    const { lifecycle, calls, part } = world({ replace: (name, given) => (name === 'b' ? { ...given, start: fails } : given) });
    await lifecycle.use('a', part('a'));
    await expect(lifecycle.use('b', part('b'))).rejects.toThrow('broken');
    expect(calls).toEqual(['start a']);
  });
});
