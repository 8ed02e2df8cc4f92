/** Opens the sender of e-mails, with the password from its file. */
import { readFile } from 'node:fs/promises';
import type { Config } from '../../config/config.ts';
import type { SmtpConfig } from '../../config/read-smtp.ts';
import type { Clock } from '../../kernel/clock.ts';
import { errorCode } from '../../kernel/error-message.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import type { MailSender } from '../../notifications/mail.ts';
import { createSmtpSender, SMTP_DEADLINE_MS } from '../../notifications/smtp/smtp-sender.ts';
import type { SmtpServer } from '../../notifications/smtp/smtp-session.ts';

export interface OpenedMail {
  readonly sender: MailSender;
  readonly deadlineMs: number;
}

/** @throws OperatorError if the file with the password cannot be read. */
export async function openMail(
  { smtp, publicUrl }: Pick<Config, 'smtp' | 'publicUrl'>,
  clock: Clock,
): Promise<OpenedMail | undefined> {
  if (smtp === undefined) return undefined;
  const server = await smtpServer(smtp, publicUrl);
  return { sender: createSmtpSender({ ...server, from: smtp.from, now: () => clock.now() }), deadlineMs: SMTP_DEADLINE_MS };
}

/** @throws OperatorError if the file with the password cannot be read. */
export async function smtpServer(smtp: SmtpConfig, publicUrl: string | undefined): Promise<SmtpServer> {
  const { host, port, isImplicitTls, startTls, user, passwordFile } = smtp;
  const password = passwordFile === undefined ? smtp.password : await readPassword(passwordFile);
  const greeting = publicUrl === undefined ? 'localhost' : new URL(publicUrl).hostname;
  return { host, port, isImplicitTls, startTls, user, password, greeting };
}

const MAX_CHARACTERS = 1_000;

async function readPassword(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new OperatorError(`WEBPOS_SMTP_PASSWORD_FILE: ${path} cannot be read (${errorCode(error) ?? 'unknown error'})`);
  });
  const password = text.replace(/\r?\n$/, '');
  if (password === '' || password.length > MAX_CHARACTERS || /\p{Cc}/u.test(password))
    throw new OperatorError(`WEBPOS_SMTP_PASSWORD_FILE: expected a password on one line in ${path}, got something else`);
  return password;
}
