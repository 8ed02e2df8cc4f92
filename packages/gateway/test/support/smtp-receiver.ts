/** A real SMTP server on loopback, which stores what it accepts and fails as the test says. */
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import type { AddressInfo } from 'node:net';

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  /** The whole message, headers first. */
  readonly raw: string;
  readonly wasEncrypted: boolean;
  readonly user: string | undefined;
}

export class SmtpReceiver implements AsyncDisposable {
  readonly mails: ReceivedMail[] = [];
  /** Decides what happens to a message once all of it has arrived. Default: it is accepted. */
  onData: (mail: ReceivedMail) => Promise<void> = async () => {};
  /** Decides about a recipient. Default: accepted. */
  onRecipient: (address: string) => void = () => {};
  connections = 0;
  readonly port: number;
  readonly #server: SMTPServer;

  private constructor(server: SMTPServer, port: number) {
    this.#server = server;
    this.port = port;
  }

  static async open(options: SMTPServerOptions = {}): Promise<SmtpReceiver> {
    const holder: { receiver?: SmtpReceiver } = {};
    const server = new SMTPServer({
      authOptional: options.onAuth === undefined,
      disabledCommands: options.secure === true || options.key !== undefined ? [] : ['STARTTLS'],
      closeTimeout: 100,
      disableReverseLookup: true,
      onConnect: (_session, done) => {
        if (holder.receiver !== undefined) holder.receiver.connections += 1;
        done();
      },
      onRcptTo: ({ address }, _session, done) => {
        try {
          holder.receiver?.onRecipient(address);
          done();
        } catch (error) {
          done(error as Error);
        }
      },
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const { mailFrom, rcptTo } = session.envelope;
          const mail: ReceivedMail = {
            from: mailFrom === false ? '' : mailFrom.address,
            to: rcptTo.map(({ address }) => address),
            raw: Buffer.concat(chunks).toString('utf8'),
            wasEncrypted: session.secure,
            user: session.user,
          };
          void (holder.receiver?.onData(mail) ?? Promise.resolve()).then(
            () => {
              holder.receiver?.mails.push(mail);
              done();
            },
            (error: unknown) => done(error as Error),
          );
        });
      },
      ...options,
    });
    server.on('error', () => {});
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const receiver = new SmtpReceiver(server, (server.server.address() as AddressInfo).port);
    holder.receiver = receiver;
    return receiver;
  }

  /** Closes every connection, in the middle of what it does. */
  cut(): void {
    for (const connection of this.#server.connections) connection.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

/** A failure with a reply code. */
export function reply(code: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode: code });
}
