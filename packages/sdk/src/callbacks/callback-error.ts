import { WebposError } from '../errors/webpos-error.ts';

/**
 * Why a callback was refused:
 * - `missing_signature`: no header has a signature;
 * - `no_raw_body`: the handler was given a parsed body, or none, instead of the signed bytes;
 * - `wrong_signature`: no secret of the handler made this signature over this body;
 * - `too_large`: the body exceeds an adapter's `maxBodyBytes`;
 * - `wrong_time`: it was sent more than `maxAgeMs` ago, or as far in the future;
 * - `not_json`, `not_a_callback`: the signature is right, but the body is not a callback.
 */
export type CallbackProblem =
  'missing_signature' | 'no_raw_body' | 'too_large' | 'wrong_signature' | 'wrong_time' | 'not_json' | 'not_a_callback';

/**
 * The request is not a trustworthy callback. Answer with 400 and do nothing else.
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
