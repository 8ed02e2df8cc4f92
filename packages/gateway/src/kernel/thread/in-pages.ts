import { currentStep, enterStep } from './steps.ts';

/**
 * Works through pages until one of them is the last, or the signal is aborted. Pauses after each page for as long as the page took, so
 * that other work gets at least half of the time.
 *
 * @param page Works on one page, and returns whether there may be more.
 */
export async function inPages(signal: AbortSignal, page: () => Promise<boolean>): Promise<void> {
  while (!signal.aborted) {
    const beganMs = performance.now();
    if (!(await page())) return;
    await pause(performance.now() - beganMs, signal);
  }
}

/** Resolves after a time, or as soon as the signal is aborted, in the same step as before. */
export async function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  const step = currentStep();
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, durationMs);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });
  enterStep(step);
}
