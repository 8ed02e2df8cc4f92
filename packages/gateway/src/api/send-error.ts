/** Sends errors as responses of the contract, and logs those that are failures of the gateway. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ContractError } from '../contract/contract-error.ts';
import { FailureBursts, failureText } from '../kernel/failure-bursts.ts';
import { requestFields, type ApiLog } from './access-log.ts';
import { errorAnswer } from './error-answer.ts';

/** Answers a request for an unknown path with a page if a person sent it, and returns whether it did. */
export type AnswerNoPage = (request: FastifyRequest, reply: FastifyReply) => boolean;

export class ErrorSender {
  readonly #log: ApiLog;
  /** Failures with a known cause, which affect many requests in a row. */
  readonly #bursts: FailureBursts;

  constructor(log: ApiLog) {
    this.#log = log;
    this.#bursts = new FailureBursts((fields, message) => log.error(fields, message));
  }

  /** @param answerNoPage Used instead of an error 3001. */
  send(error: unknown, request: FastifyRequest, reply: FastifyReply, answerNoPage?: AnswerNoPage): void {
    const isLogin = request.routeOptions.url === '/token';
    const answer = errorAnswer(tooManyRefusals(error, request) ?? error, request.id, isLogin);
    if (answer.body.error_code === '3001' && answerNoPage?.(request, reply) === true) return;
    if (answer.failure === 'unknown') this.#log.error({ ...requestFields(request), err: error }, 'request failed');
    if (answer.failure === 'known') this.#bursts.add(answer.body.message, { ...requestFields(request), reason: reasonOf(error) });
    void reply.code(answer.status).headers(answer.headers).send(answer.body);
  }

  /** Logs what has not been logged yet. */
  stop(): void {
    this.#bursts.stop();
  }
}

/** Returns the cause of a known failure. */
function reasonOf(error: unknown): string {
  return failureText(error instanceof ContractError ? (error.cause ?? error) : error);
}

/** Counts a refusal of an unauthenticated request. Returns the error to send instead if its address has had too many. */
function tooManyRefusals(error: unknown, { caller }: FastifyRequest): ContractError | undefined {
  if (caller?.limits === undefined || caller.posId !== undefined) return undefined;
  const { status, body } = errorAnswer(error, '');
  // An expired token was valid once, and failures of the gateway are not the client's.
  if (status >= 500 || body.error_code === '1004' || body.error_code === '2000') return undefined;
  return caller.limits.failure(caller.address, body.error_code === '1001' ? caller.claimedClientId : undefined);
}
