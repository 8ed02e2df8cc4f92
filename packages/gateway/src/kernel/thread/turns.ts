/**
 * Divides long work into turns of the event loop, so that other work is not held up by it. Awaiting what is ready at once, such as a
 * query of SQLite, does not end a turn: whole transactions would run in one.
 */
import { currentStep, enterStep } from './steps.ts';

/** How long a turn may last before work that can wait leaves the rest to the next one. */
const MAX_TURN_MS = 5;

/** After how long a turn no other work that waited continues in it: each may take {@link MAX_TURN_MS}. */
const MAX_CONTINUED_MS = 10;

/** When the present turn was first asked about, or when the last work that waited continued in it; undefined before that. */
let begunAtMs: number | undefined;
/** When the first work that waited continued in the present turn; undefined before that. */
let continuedAtMs: number | undefined;
const waiting: (() => void)[] = [];

/** Whether the present turn has lasted so long that work should continue in the next one. */
export function isTurnLong(): boolean {
  if (begunAtMs !== undefined) return performance.now() - begunAtMs > MAX_TURN_MS;
  begunAtMs = performance.now();
  setImmediate(turnEnded);
  return false;
}

/** How long one kind of work has lasted in the present turn, whatever else has run in it. */
export class TurnShare {
  #begunAtMs: number | undefined;

  /** Whether this work should continue in the next turn. */
  isSpent(): boolean {
    if (this.#begunAtMs !== undefined) return performance.now() - this.#begunAtMs > MAX_TURN_MS;
    this.#begunAtMs = performance.now();
    setImmediate(() => {
      this.#begunAtMs = undefined;
    });
    return false;
  }
}

/**
 * Resolves in the next turn, in the same step as before; later if other work that waits would make that turn too long.
 *
 * @param isFirst For work that others wait for: it continues before them.
 */
export async function nextTurn(isFirst = false): Promise<void> {
  const step = currentStep();
  await new Promise<void>((resolve) => {
    if (isFirst) waiting.unshift(resolve);
    else waiting.push(resolve);
    setImmediate(continueFirst);
  });
  enterStep(step);
}

function continueFirst(): void {
  const nowMs = performance.now();
  if (continuedAtMs === undefined) {
    continuedAtMs = nowMs;
    setImmediate(continuingEnded);
  } else if (nowMs - continuedAtMs > MAX_CONTINUED_MS) {
    setImmediate(continueFirst);
    return;
  }
  begunAtMs = undefined;
  waiting.shift()?.();
}

function turnEnded(): void {
  begunAtMs = undefined;
}

function continuingEnded(): void {
  continuedAtMs = undefined;
}
