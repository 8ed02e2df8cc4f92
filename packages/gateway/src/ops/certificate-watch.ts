/**
 * Takes a new certificate into use when its files change: they are read every ten seconds and when asked for, and compared by what is
 * in them, since a notification of the file system can be missed and a time of change can lie. A pair that is half written, or does
 * not belong together, is reported once and leaves the old one in use. A certificate that ends soon is warned of every day.
 */
import { errorMessage } from '../kernel/error-message.ts';
import { createHash } from 'node:crypto';
import type { Clock, EpochMs } from '../kernel/clock.ts';
import { TaskLoop } from '../kernel/task-loop.ts';
import { checkPair, readPair, type Certificate, type CertificateFiles } from './certificate.ts';
import { DAY_MS } from '../kernel/durations.ts';

export interface CertificateWatchOptions {
  readonly files: CertificateFiles;
  /** The one that is in use. */
  readonly first: Certificate;
  /** Takes another one into use. */
  readonly use: (certificate: Certificate) => void;
  readonly clock: Clock;
  readonly log: WatchLog;
  /** Default 10,000. */
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
  /** What was seen last, good or bad, so that each is reported once. */
  #seen: string;
  #warnedAt = Number.NEGATIVE_INFINITY;

  constructor(options: CertificateWatchOptions) {
    this.#options = options;
    this.#endsAt = options.first.endsAt;
    this.#seen = fingerprint(options.first);
    const idleMs = options.intervalMs ?? 10_000;
    this.#loop = new TaskLoop({ name: 'certificate', idleMs, retryMs: idleMs, log: options.log, task: () => this.#look() });
  }

  /** When the one in use ends. */
  get endsAt(): EpochMs {
    return this.#endsAt;
  }

  start(): void {
    this.#loop.start();
  }

  /** Looks at the files soon. */
  wake(): void {
    this.#loop.wake();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
  }

  async #look(): Promise<undefined> {
    const { files, use, log } = this.#options;
    this.#warn();
    let seen = 'unreadable';
    try {
      const pair = await readPair(files);
      seen = fingerprint(pair);
      if (seen === this.#seen) return;
      const certificate = checkPair(pair);
      use(certificate);
      this.#endsAt = certificate.endsAt;
      this.#warnedAt = Number.NEGATIVE_INFINITY;
      log.info({ ends: new Date(certificate.endsAt).toISOString() }, 'certificate: a new one is in use');
      this.#warn();
    } catch (error) {
      const reason = errorMessage(error);
      if (seen !== this.#seen) log.error({ reason }, 'certificate: the new one cannot be used; the old one stays');
    }
    this.#seen = seen;
  }

  #warn(): void {
    const { clock, log } = this.#options;
    const now = clock.now();
    if (this.#endsAt - now > WARN_BEFORE_MS || now - this.#warnedAt < DAY_MS) return;
    this.#warnedAt = now;
    const ends = new Date(this.#endsAt).toISOString();
    if (this.#endsAt <= now) log.error({ ends }, 'certificate: has run out, clients refuse it');
    else log.warn({ ends }, 'certificate: ends in less than 14 days');
  }
}

function fingerprint({ cert, key }: { readonly cert: string; readonly key: string }): string {
  return createHash('sha256').update(cert).update('\0').update(key).digest('hex');
}
