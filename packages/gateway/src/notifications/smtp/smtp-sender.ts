/**
 * Sends e-mails by SMTP (RFC 5321). Each has a connection of its own and one deadline for all of it, after which the connection is
 * closed, whatever the server is doing. TLS is required unless the server is on this machine or the operator has allowed plain text.
 */
import type { MailSender, SendResult } from '../mail.ts';
import type { Mailbox } from '../mail-address.ts';
import { composeMail } from './compose-mail.ts';
import { judgeFailure, SmtpFailure } from './judge-failure.ts';
import { SmtpSession, type SmtpServer } from './smtp-session.ts';

export interface SmtpSenderOptions extends SmtpServer {
  readonly from: Mailbox;
  readonly now: () => number;
  readonly deadlineMs?: number;
}

/** Servers that delay their answers to unknown senders do so for up to half a minute. */
export const SMTP_DEADLINE_MS = 60_000;

export function createSmtpSender(options: SmtpSenderOptions): MailSender {
  const { from, password, now } = options;
  return {
    send: async (mail, signal) => {
      try {
        await withSession(options, signal, async (session) => {
          await session.send({ from: from.address, to: mail.to }, await composeMail(mail, from, now()));
        });
        return { kind: 'sent' };
      } catch (error) {
        return judgeFailure(error, password);
      }
    },
  };
}

/** Connects and logs in, and sends nothing. Returns why that failed; undefined if it did not. */
export async function checkSmtp(
  options: Omit<SmtpSenderOptions, 'from' | 'now'>,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    await withSession(options, signal, async () => {});
    return undefined;
  } catch (error) {
    const result: SendResult = judgeFailure(error, options.password);
    return result.kind === 'failed' ? result.error : undefined;
  }
}

async function withSession(
  { deadlineMs = SMTP_DEADLINE_MS, ...server }: Omit<SmtpSenderOptions, 'from' | 'now'>,
  signal: AbortSignal,
  work: (session: SmtpSession) => Promise<void>,
): Promise<void> {
  const deadline = AbortSignal.timeout(deadlineMs);
  const either = AbortSignal.any([signal, deadline]);
  const session = await SmtpSession.prepare(server, deadlineMs);
  let end = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    end = () => {
      session.close();
      const why = deadline.aborted ? `no answer within ${deadlineMs / 1000} s` : 'aborted';
      reject(new SmtpFailure(why, 'server'));
    };
    either.addEventListener('abort', end, { once: true });
    if (either.aborted) end();
  });
  try {
    await Promise.race([session.open().then(() => work(session)), aborted]);
    session.quit();
  } catch (error) {
    session.close();
    throw error;
  } finally {
    // The signal of the caller outlives many messages.
    either.removeEventListener('abort', end);
  }
}
