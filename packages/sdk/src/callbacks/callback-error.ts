import { WebposError } from '../errors/webpos-error.ts';

/**
 * Why a callback was not taken:
 * - `missing_signature`: there is no header with a signature;
 * - `no_raw_body`: the handler was given a parsed body, or none, instead of the bytes that were signed;
 * - `wrong_signature`: no secret of the handler made this signature over this body;
 * - `too_large`: an adapter read more bytes than it may;
 * - `wrong_time`: it is older than `maxAgeMs`, or as far in the future;
 * - `not_json`, `not_a_callback`: the signature is right, but the body is not a callback.
 */
export type CallbackProblem =
  'missing_signature' | 'no_raw_body' | 'too_large' | 'wrong_signature' | 'wrong_time' | 'not_json' | 'not_a_callback';

/**
 * A request is not a callback to be trusted. Answer it with a 400, and do nothing else.
 *
 * @example
 * if (error instanceof CallbackError) return reply.code(400).send(error.problem);
 */
export class CallbackError extends WebposError {
  readonly problem: CallbackProblem;

  constructor(problem: CallbackProblem, message: string) {
    super(`callback: ${message}`);
    this.problem = problem;
  }

  override get name(): 'CallbackError' {
    return 'CallbackError';
  }
}
