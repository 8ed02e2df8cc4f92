/** Judges why an e-mail was not sent: whether the server refuses this one, for now or for good, or accepts none at all. */
import { errorMessage } from '../../kernel/error-message.ts';
import type { SendResult } from '../mail.ts';

/** `server`: the connection itself. `message`: the sender, the recipient or the text. */
export type Stage = 'server' | 'connect' | 'login' | 'message';

export class SmtpFailure extends Error {
  override readonly name = 'SmtpFailure';
  readonly stage: Stage;
  /** The reply code of the server (RFC 5321, 4.2); undefined if it did not answer. */
  readonly code: number | undefined;

  constructor(message: string, stage: Stage, code?: number) {
    super(message);
    this.stage = stage;
    this.code = code;
  }
}

/** The server closes the connection, or is about to. */
const SHUTTING_DOWN = 421;
const MAX_CHARACTERS = 300;

/** @param password Removed from the text, in case the server repeats it. */
export function judgeFailure(error: unknown, password: string | undefined): SendResult & { readonly kind: 'failed' } {
  const { stage, code } = error instanceof SmtpFailure ? error : { stage: 'server', code: undefined };
  const isOfMessage = stage === 'message' && code !== undefined && code !== SHUTTING_DOWN;
  return {
    kind: 'failed',
    error: withoutSecret(errorMessage(error), password),
    concerns: isOfMessage ? 'message' : 'server',
    isFinal: isOfMessage && code >= 500,
  };
}

function withoutSecret(text: string, password: string | undefined): string {
  const secrets = password === undefined || password === '' ? [] : [password, Buffer.from(password).toString('base64')];
  const safe = secrets.reduce((rest, secret) => rest.replaceAll(secret, '…'), text);
  return safe
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, MAX_CHARACTERS);
}
