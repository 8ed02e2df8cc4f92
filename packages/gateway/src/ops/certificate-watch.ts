/**
 * Loads a new certificate when its files change. They are read every ten seconds and on request, and compared by content, because
 * notifications of the file system get lost and modification times can be wrong. A pair that is incomplete or does not match is
 * reported once, and the old certificate stays in use. A certificate that expires soon is reported every day.
 */
import { errorMessage } from '../kernel/error-message.ts';
import { createHash } from 'node:crypto';
import type { Clock, EpochMs } from '../kernel/clock.ts';
import { TaskLoop } from '../kernel/task-loop.ts';
import { checkPair, readPair, type Certificate, type CertificateFiles } from './certificate.ts';
import { DAY_MS } from '../kernel/durations.ts';

export interface CertificateWatchOptions {
  readonly files: CertificateFiles;
  /** The certificate in use. */
  readonly first: Certificate;
  /** Starts to use another certificate. */
  readonly use: (certificate: Certificate) => void;
  readonly clock: Clock;
  readonly log: WatchLog;
  /** How often the files are read, in milliseconds. Default: 10,000. */
  readonly intervalMs?: number;
}

export interface WatchLog {
  error(fields: Record<string, unknown>, message: string): void;
  warn(fields: Record<string, unknown>, message: string): void;
  info(fields: Record<string, unknown>, message: string): void;
}

const WARN_BEFORE_MS = 14 * DAY_MS;

export class CertificateWatch {
  readonly #options: CertificateWatchOptions;
  readonly #loop: TaskLoop;
  #endsAt: EpochMs;
  /** The pair that was read last, valid or not, so that each is reported once. */
  #lastRead: string;
  #warnedAt = Number.NEGATIVE_INFINITY;

  constructor(options: CertificateWatchOptions) {
    this.#options = options;
    this.#endsAt = options.first.endsAt;
    this.#lastRead = fingerprint(options.first);
    const idleMs = options.intervalMs ?? 10_000;
    this.#loop = new TaskLoop({ name: 'certificate', idleMs, retryMs: idleMs, log: options.log, task: () => this.#reload() });
  }

  /** When the certificate in use expires. */
  get endsAt(): EpochMs {
    return this.#endsAt;
  }

  start(): void {
    this.#loop.start();
  }

  /** Reads the files soon. */
  wake(): void {
    this.#loop.wake();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
  }

  async #reload(): Promise<undefined> {
    const { files, use, log } = this.#options;
    this.#warnOfExpiry();
    let read = 'unreadable';
    try {
      const pair = await readPair(files);
      read = fingerprint(pair);
      if (read === this.#lastRead) return;
      const certificate = checkPair(pair);
      use(certificate);
      this.#endsAt = certificate.endsAt;
      this.#warnedAt = Number.NEGATIVE_INFINITY;
      log.info({ expires_at: new Date(certificate.endsAt).toISOString() }, 'certificate: loaded a new one');
      this.#warnOfExpiry();
    } catch (error) {
      const reason = errorMessage(error);
      if (read !== this.#lastRead) log.error({ reason }, 'certificate: the new one is unusable; the old one stays in use');
    }
    this.#lastRead = read;
  }

  #warnOfExpiry(): void {
    const { clock, log } = this.#options;
    const now = clock.now();
    if (this.#endsAt - now > WARN_BEFORE_MS || now - this.#warnedAt < DAY_MS) return;
    this.#warnedAt = now;
    const fields = { expires_at: new Date(this.#endsAt).toISOString() };
    if (this.#endsAt <= now) log.error(fields, 'certificate: expired; clients refuse it');
    else log.warn(fields, 'certificate: expires in less than 14 days');
  }
}

function fingerprint({ cert, key }: { readonly cert: string; readonly key: string }): string {
  return createHash('sha256').update(cert).update('\0').update(key).digest('hex');
}
