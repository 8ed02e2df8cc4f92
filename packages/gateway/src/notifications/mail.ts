/** An e-mail, and the port that sends it. */
import type { MessageId } from '../kernel/ids.ts';

export interface Mail {
  /** The same at every attempt, so that a mailbox can drop a message that was sent twice. */
  readonly id: MessageId;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Stops the messages with one POST (RFC 8058); null for a message that was asked for. */
  readonly unsubscribeUrl: string | null;
}

export type SendResult =
  | { readonly kind: 'sent' }
  | {
      readonly kind: 'failed';
      /** On one line, without secrets. */
      readonly error: string;
      /** `message`: this message is refused. `server`: nothing can be sent at the moment. */
      readonly concerns: 'message' | 'server';
      /** Whether trying again is useless. */
      readonly isFinal: boolean;
    };

export interface MailSender {
  /** Never rejects. */
  send(mail: Mail, signal: AbortSignal): Promise<SendResult>;
}
