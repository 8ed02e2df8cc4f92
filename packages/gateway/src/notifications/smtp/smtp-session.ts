/** One connection to an SMTP server, with promises in place of callbacks. */
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import { errorMessage } from '../../kernel/error-message.ts';
import { SmtpFailure, type Stage } from './judge-failure.ts';

export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** Whether TLS begins with the connection (smtps) rather than by STARTTLS. */
  readonly isImplicitTls: boolean;
  /** `required`: by STARTTLS. `if_offered`: an attacker in between can prevent it. `none`: for a server on this machine. */
  readonly startTls: 'required' | 'if_offered' | 'none';
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** The name by which this machine greets the server. */
  readonly greeting: string;
  /** Certificates to trust instead of those of Node, in PEM. */
  readonly ca?: string;
}

/** The longest answer that is read, in bytes. */
const MAX_ANSWER_BYTES = 64 * 1024;
const QUIT_MS = 2_000;

export class SmtpSession {
  readonly #connection: SMTPConnection;
  readonly #server: SmtpServer;
  readonly #broken: Promise<never>;

  private constructor(connection: SMTPConnection, server: SmtpServer) {
    this.#connection = connection;
    this.#server = server;
    this.#broken = new Promise((_, reject) => {
      connection.on('error', (error: Error) => reject(error));
      connection.once('end', () => reject(new SmtpFailure('the server closed the connection', 'server')));
    });
    // Every step waits for it, and a connection may also end between two.
    this.#broken.catch(() => {});
  }

  /** Loads nodemailer with the first message, because that takes time at the start. */
  static async prepare(server: SmtpServer, timeoutMs: number): Promise<SmtpSession> {
    const { default: Connection } = await import('nodemailer/lib/smtp-connection');
    const { host, port, isImplicitTls, startTls, greeting, ca } = server;
    const connection = new Connection({
      host,
      port,
      secure: isImplicitTls,
      requireTLS: !isImplicitTls && startTls === 'required',
      ignoreTLS: startTls === 'none',
      name: greeting,
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      dnsTimeout: timeoutMs,
      maxResponseSize: MAX_ANSWER_BYTES,
      // A server that does not close its end must not keep ours open.
      socketCloseTimeout: 0,
      allowInternalNetworkInterfaces: true,
      logger: false,
      tls: { minVersion: 'TLSv1.2', ...(ca !== undefined && { ca }) },
    });
    return new SmtpSession(connection, server);
  }

  /** Connects, and logs in if there is a user. */
  async open(): Promise<void> {
    const { user, password } = this.#server;
    await this.#step('connect', (done) => this.#connection.connect(done));
    if (user !== undefined) await this.#step('login', (done) => this.#connection.login({ user, pass: password ?? '' }, done));
  }

  async send(envelope: { readonly from: string; readonly to: string }, message: Buffer): Promise<void> {
    await this.#step('message', (done) =>
      this.#connection.send({ ...envelope, to: [envelope.to] }, message, (error) => done(error)),
    );
  }

  /** Takes leave, and closes the connection whether the server answers or not. */
  quit(): void {
    const closing = setTimeout(() => this.close(), QUIT_MS).unref();
    this.#connection.once('end', () => clearTimeout(closing));
    this.#connection.quit();
  }

  close(): void {
    this.#connection.close();
  }

  async #step(stage: Stage, begin: (done: (error?: Error | null) => void) => void): Promise<void> {
    const ended = new Promise<void>((resolve, reject) => begin((error) => (error == null ? resolve() : reject(error))));
    try {
      await Promise.race([ended, this.#broken]);
    } catch (error) {
      if (error instanceof SmtpFailure) throw error;
      const { responseCode } = error as { readonly responseCode?: unknown };
      throw new SmtpFailure(errorMessage(error), stage, typeof responseCode === 'number' ? responseCode : undefined);
    }
  }
}
