import { CallError, copyOf } from './call-error.ts';
import { hasBrand } from './webpos-error.ts';

/**
 * Adds the caller's frames to the stack of an error, which was created in a timer or a task that the runtime connects with no
 * caller. Called where a public method awaits, so that successful calls cost nothing.
 */
export function withCallerFrames(error: unknown): unknown {
  if (hasBrand(error)) {
    const stack = String(error.stack);
    const [, ...callers] = String(new Error('here').stack)
      .replace(/^Error: here\n/, '')
      .split('\n');
    error.stack = [stack, ...callers.filter((frame) => !stack.includes(frame))].join('\n');
  }
  return error;
}

/**
 * Copies the error of a login that several calls share, so that the stack of each copy names one caller.
 *
 * @throws the copy; an error that does not belong to a call is rethrown unchanged.
 */
export function throwCopy(error: unknown): never {
  if (!(error instanceof CallError)) throw error;
  const copy = copyOf(error as CallError);
  copy.stack = String(error.stack);
  throw copy;
}
