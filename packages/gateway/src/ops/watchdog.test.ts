import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { enterStep, stepOf } from '../kernel/thread/steps.ts';
import { Watchdog, type Hold } from './watchdog.ts';

const [JUDGE, OTHER] = [stepOf('judge'), stepOf('other')];
let watchdog: Watchdog | undefined;
afterEach(() => watchdog?.stop());

interface Watched {
  readonly holds: Hold[];
  readonly lines: { readonly fields: Record<string, unknown>; readonly message: string }[];
}

function watch(): Watched {
  const watched: Watched = { holds: [], lines: [] };
  watchdog = new Watchdog({
    log: { warn: (fields, message) => void watched.lines.push({ fields, message }) },
    nowMs: () => performance.now(),
    held: (hold) => void watched.holds.push(hold),
  });
  watchdog.start();
  return watched;
}

function work(durationMs: number): void {
  const endMs = performance.now() + durationMs;
  while (performance.now() < endMs);
}

describe('the watchdog', () => {
  test('names the step that held the thread, although others ran in the same turn', async () => {
    const { holds, lines } = watch();
    await sleep(30);
    enterStep(OTHER);
    work(5);
    enterStep(JUDGE);
    // The steps of asynchronous work that never waits run in one turn.
    for (let page = 0; page < 10; page += 1) await Promise.resolve().then(() => work(12));
    enterStep(OTHER);
    work(1);
    await vi.waitFor(() => expect(holds.map(({ step }) => step.name)).toContain('judge'));
    const { durationMs, cpuMs } = holds.find(({ step }) => step === JUDGE)!;
    expect(durationMs).toBeGreaterThanOrEqual(115);
    expect(cpuMs).toBeGreaterThan(0);
    expect(lines.map(({ message }) => message)).toContain(`watchdog: "judge" held the thread for ${Math.round(durationMs)} ms`);
  });

  test('does not count the time in which the process was idle', async () => {
    const { holds } = watch();
    enterStep(JUDGE);
    await sleep(200);
    expect(holds.filter(({ step, durationMs }) => step === JUDGE && durationMs >= 100)).toEqual([]);
  });

  test('logs a step once a minute, and then how often it was not logged', () => {
    const lines: Watched['lines'] = [];
    let nowMs = 0;
    const limited = new Watchdog({
      log: { warn: (fields, message) => void lines.push({ fields, message }) },
      nowMs: () => nowMs,
    });
    for (const durationMs of [150, 201, 900, 300]) limited.transactionEnded(JUDGE, durationMs);
    limited.transactionEnded(OTHER, 400);
    nowMs = 60_000;
    limited.transactionEnded(JUDGE, 250);
    expect(lines).toEqual([
      { fields: { step: 'judge', transaction_ms: 201 }, message: 'watchdog: a transaction of "judge" lasted 201 ms' },
      { fields: { step: 'other', transaction_ms: 400 }, message: 'watchdog: a transaction of "other" lasted 400 ms' },
      {
        fields: { step: 'judge', transaction_ms: 250, omitted: 2, omitted_max_ms: 900 },
        message: 'watchdog: a transaction of "judge" lasted 250 ms',
      },
    ]);
  });
});
