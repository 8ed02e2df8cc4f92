import { CallError, copyOf } from './call-error.ts';
import { hasBrand } from './webpos-error.ts';

/**
 * Adds the frames of anyone who awaits a call to the stack of its error, which was created in a timer or in a task that the
 * runtime connects with no caller. For the place where a public method awaits, so that it costs nothing where calls succeed.
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
 * Copies the error of a login that several calls share, so that the stack of each error names one caller.
 *
 * @throws the copy; an error that does not belong to a call is thrown as it is.
 */
export function throwCopy(error: unknown): never {
  if (!(error instanceof CallError)) throw error;
  const copy = copyOf(error as CallError);
  copy.stack = String(error.stack);
  throw copy;
}
