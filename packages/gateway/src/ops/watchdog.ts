/**
 * Notices when something holds the JavaScript thread: a timer that fires late has found the thread busy. The step that ran longest since
 * the timer fired before (`kernel/thread/steps.ts`) is reported as the cause, with the CPU time that the process spent: a machine that is
 * busy with other work also makes timers late, and then that time is short.
 *
 * It also notices transactions of the store that last too long, because everything else that writes may wait for them.
 */
import { performance } from 'node:perf_hooks';
import { stepOf, takeSteps, type Step, type StepTime } from '../kernel/thread/steps.ts';

/** No step may hold the thread for longer, and no transaction may last longer. */
export const MAX_HOLD_MS = 50;
const MAX_TRANSACTION_MS = 200;

/** A shorter interval measures more exactly, and wakes an idle process more often. */
const INTERVAL_MS = 10;
/** Shorter holds are not reported: a thread in use is always held a little. */
const MIN_HOLD_MS = 10;
/** How often each step is logged at most. */
const LOG_EVERY_MS = 60_000;
const UNNAMED = stepOf('unnamed');

/** A span in which the thread did one thing only. */
export interface Hold {
  /** The step that ran longest; `unnamed` if none of the named ones did. */
  readonly step: Step;
  readonly durationMs: number;
  /** The CPU time of the process, or of the thread, depending on the clock of the watchdog. */
  readonly cpuMs: number;
}

export interface WatchdogOptions {
  readonly log: { warn(fields: Record<string, unknown>, message: string): void };
  /** A monotonic clock, in milliseconds. */
  readonly nowMs: () => number;
  /** CPU time, in milliseconds. Default: of the process. */
  readonly cpuMs?: (() => number) | undefined;
  readonly held?: (hold: Hold) => void;
  readonly transactionEnded?: (step: Step, durationMs: number) => void;
}

export class Watchdog {
  readonly #options: WatchdogOptions;
  readonly #cpuMs: () => number;
  readonly #lines: LimitedLines;
  #timer: NodeJS.Timeout | undefined;
  #lastMs = 0;
  #lastIdleMs = 0;
  #lastCpuMs = 0;

  constructor(options: WatchdogOptions) {
    this.#options = options;
    this.#cpuMs = options.cpuMs ?? processCpuMs;
    this.#lines = new LimitedLines(options);
  }

  start(): void {
    this.#look();
    takeSteps();
    // An idle process may end although it is watched.
    this.#timer ??= setInterval(() => this.#tick(), INTERVAL_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Receives the duration of a transaction, from its begin to the end of its commit. */
  transactionEnded(step: Step | undefined = UNNAMED, durationMs: number): void {
    this.#options.transactionEnded?.(step, durationMs);
    if (durationMs <= MAX_TRANSACTION_MS) return;
    this.#lines.write(`transaction ${step.name}`, durationMs, (more) => [
      { step: step.name, transaction_ms: Math.round(durationMs), ...more },
      `watchdog: a transaction of "${step.name}" lasted ${Math.round(durationMs)} ms`,
    ]);
  }

  #tick(): void {
    const [beforeMs, beforeIdleMs, beforeCpuMs] = [this.#lastMs, this.#lastIdleMs, this.#lastCpuMs];
    this.#look();
    const steps = takeSteps();
    if (this.#lastMs - beforeMs < INTERVAL_MS + MIN_HOLD_MS) return;
    const durationMs = this.#lastMs - beforeMs - (this.#lastIdleMs - beforeIdleMs);
    if (durationMs < MIN_HOLD_MS) return;
    const step = causeOf(steps, durationMs);
    const cpuMs = this.#lastCpuMs - beforeCpuMs;
    this.#options.held?.({ step, durationMs, cpuMs });
    if (durationMs <= MAX_HOLD_MS) return;
    this.#lines.write(step.name, durationMs, (more) => [
      { step: step.name, held_ms: Math.round(durationMs), cpu_ms: Math.round(cpuMs), ...more },
      `watchdog: "${step.name}" held the thread for ${Math.round(durationMs)} ms`,
    ]);
  }

  #look(): void {
    this.#lastMs = this.#options.nowMs();
    this.#lastIdleMs = performance.nodeTiming.idleTime;
    this.#lastCpuMs = this.#cpuMs();
  }
}

/** The step that ran longest, unless most of the time was spent outside all steps. */
function causeOf([longest]: readonly StepTime[], durationMs: number): Step {
  return longest === undefined || longest.durationMs < durationMs / 3 ? UNNAMED : longest.step;
}

function processCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

type Line = readonly [fields: Record<string, unknown>, message: string];

/** Logs each subject at most once a minute; the next line counts what was left out. */
class LimitedLines {
  readonly #options: Pick<WatchdogOptions, 'log' | 'nowMs'>;
  readonly #subjects = new Map<string, { atMs: number; omitted: number; omittedMaxMs: number }>();

  constructor(options: Pick<WatchdogOptions, 'log' | 'nowMs'>) {
    this.#options = options;
  }

  write(subject: string, durationMs: number, line: (more: Record<string, unknown>) => Line): void {
    const nowMs = this.#options.nowMs();
    const last = this.#subjects.get(subject);
    if (last !== undefined && nowMs - last.atMs < LOG_EVERY_MS) {
      last.omitted += 1;
      last.omittedMaxMs = Math.max(last.omittedMaxMs, durationMs);
      return;
    }
    const more =
      last === undefined || last.omitted === 0 ? {} : { omitted: last.omitted, omitted_max_ms: Math.round(last.omittedMaxMs) };
    this.#subjects.set(subject, { atMs: nowMs, omitted: 0, omittedMaxMs: 0 });
    this.#options.log.warn(...line(more));
  }
}
