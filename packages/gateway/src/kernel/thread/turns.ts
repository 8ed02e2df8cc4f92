/**
 * Divides long work into turns of the event loop, so that other work is not held up by it. Awaiting what is ready at once, such as a
 * query of SQLite, does not end a turn: whole transactions would run in one.
 */
import { currentStep, enterStep } from './steps.ts';

/** How long a turn may last before work that can wait leaves the rest to the next one. */
const MAX_TURN_MS = 10;

/** When the present turn was first asked about; undefined before that. */
let begunAtMs: number | undefined;

/** Whether the present turn has lasted so long that work should continue in the next one. */
export function isTurnLong(): boolean {
  if (begunAtMs !== undefined) return performance.now() - begunAtMs > MAX_TURN_MS;
  begunAtMs = performance.now();
  setImmediate(turnEnded);
  return false;
}

/** Resolves in the next turn, in the same step as before. */
export async function nextTurn(): Promise<void> {
  const step = currentStep();
  await new Promise<void>((resolve) => setImmediate(resolve));
  begunAtMs = undefined;
  enterStep(step);
}

function turnEnded(): void {
  begunAtMs = undefined;
}
