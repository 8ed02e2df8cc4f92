/**
 * Runs before every test file: a wait for a condition has a minute by default, where Vitest gives it a second. It ends as soon as the
 * condition holds, so only a test that fails takes longer, and a busy machine fails none.
 */
import { vi } from 'vitest';

const PATIENCE_MS = 60_000;

interface WaitOptions {
  readonly interval?: number;
  readonly timeout?: number;
}

const { waitFor, waitUntil } = vi;
vi.waitFor = (condition, options) => waitFor(condition, patient(options));
vi.waitUntil = (condition, options) => waitUntil(condition, patient(options));

function patient(options: number | WaitOptions = {}): number | WaitOptions {
  return typeof options === 'number' ? options : { timeout: PATIENCE_MS, ...options };
}
