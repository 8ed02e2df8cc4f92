/** Composes the text of an e-mail (RFC 5322): plain text and HTML, which name each other as alternatives. */
import type { Mail } from '../mail.ts';
import type { Mailbox } from '../mail-address.ts';

export async function composeMail(mail: Mail, from: Mailbox, nowMs: number): Promise<Buffer> {
  const { default: Composer } = await import('nodemailer/lib/mail-composer');
  const { id, to, subject, text, html, unsubscribeUrl } = mail;
  const composer = new Composer({
    from: { name: from.name, address: from.address },
    to: { name: '', address: to },
    subject: oneLine(subject),
    text,
    html,
    messageId: `<${id}@${from.address.slice(from.address.indexOf('@') + 1)}>`,
    date: new Date(nowMs),
    // RFC 3834: no mailbox answers it.
    headers: { 'Auto-Submitted': 'auto-generated', ...(unsubscribeUrl !== null && stopHeaders(unsubscribeUrl)) },
    // Nothing that a text contains is ever read from a file or a URL.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
}

/** RFC 2369 and RFC 8058. */
function stopHeaders(url: string): Record<string, { readonly prepared: true; readonly foldLines: true; readonly value: string }> {
  const header = (value: string): { prepared: true; foldLines: true; value: string } => ({
    prepared: true,
    foldLines: true,
    value,
  });
  return {
    'List-Unsubscribe': header(`<${url}>`),
    'List-Unsubscribe-Post': header('List-Unsubscribe=One-Click'),
  };
}

/** No text can begin another header. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
}
