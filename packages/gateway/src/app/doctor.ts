/** What `webpos doctor` examines. */
import { resolve } from 'node:path';
import type { Config } from '../config/config.ts';
import { systemClock } from '../kernel/clock.ts';
import { checkSmtp } from '../notifications/smtp/smtp-sender.ts';
import { checkPair, readPair } from '../ops/certificate.ts';
import { freeSpace } from '../ops/free-space.ts';
import { createLog } from '../ops/log.ts';
import { agree, OUTLIER_BPS } from '../rates/agree.ts';
import type { Examined } from '../services/operator/examine.ts';
import type { Installation } from '../services/operator/examine-installation.ts';
import { existingKeys } from '../services/operator/open-keys.ts';
import { DatabaseMissingError, DatabaseNewerError, DatabaseOlderError } from '../store/database-errors.ts';
import { openMarksFile } from '../store/marks/marks-file.ts';
import { sealMarker } from '../store/seal-marker.ts';
import { databaseFile, openStore, readDatabaseSetup } from '../store/sql/open-store.ts';
import type { SqlStore } from '../store/sql/sql-store.ts';
import type { GatewayParts } from './gateway.ts';
import { openBase } from './open-base.ts';
import { smtpServer } from './notifications/open-mail.ts';
import { openSource } from './open-chain.ts';
import { askRates } from './open-rates.ts';

/** How long a whole examination may take. */
const EXAMINATION_MS = 180_000;

/** Opens everything that a gateway with these settings needs, for an examination. Starts, creates and changes nothing. */
export async function openExamined(config: Config, parts: GatewayParts = {}): Promise<Examined & { close(): Promise<void> }> {
  const clock = parts.clock ?? systemClock;
  const { store, trouble } = await openToExamine(config);
  try {
    const { source } = await openSource(config, store, clock, parts.log ?? createLog('silent'));
    const { tls, rates, network, keyFile } = config;
    const databaseAt = databaseFile(config.databaseUrl);
    const marks = openMarksFile(resolve(config.marksFile));
    return {
      store,
      marks,
      sealMarker: sealMarker(marks.path),
      installation: {
        database: trouble,
        keyFile,
        keys: () => existingKeys({ store, keyFile }),
        privateFiles: privateFiles(config),
        publicUrl: config.publicUrl,
        mode: config.mode,
        fixedRatesInLiveMode: config.mode === 'live' && rates.kind === 'fixed',
      },
      network,
      settlementTimeoutMs: config.settlementTimeoutMs,
      source,
      clock,
      callbacksAllow: config.callbacksAllow,
      signal: AbortSignal.timeout(EXAMINATION_MS),
      rate: async (currency) => {
        const answers = await askRates(config, currency, parts.getText);
        const quotes = answers.flatMap(({ quote }) => quote ?? []);
        const maxAgeMs = rates.kind === 'fixed' ? Infinity : rates.maxAgeMs;
        return { answers, agreed: agree(quotes, { now: clock.now(), maxAgeMs, outlierBps: OUTLIER_BPS }) };
      },
      databaseSetup: () => readDatabaseSetup(config.databaseUrl, config.databaseDirectUrl),
      databaseFreeBytes: databaseAt === undefined ? undefined : () => freeSpace(databaseAt),
      mail: examinedMail(config),
      certificateEndsAt: tls === undefined ? undefined : async () => checkPair(await readPair(tls)).endsAt,
      close: () => store.close(),
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

function examinedMail({ smtp, publicUrl }: Config): Examined['mail'] {
  if (smtp === undefined) return undefined;
  const { host, port, isImplicitTls, startTls, from } = smtp;
  const how = isImplicitTls ? 'TLS' : { required: 'STARTTLS', if_offered: 'STARTTLS if offered', none: 'plain text' }[startTls];
  return {
    says: `${from.address} through ${host}:${port} (${how})`,
    isPlain: !isImplicitTls && startTls === 'if_offered',
    check: async (signal) => checkSmtp(await smtpServer(smtp, publicUrl), signal),
  };
}

/** Opens the store. If the database is missing, older or newer, opens an empty one in memory, so that everything else can be examined. */
async function openToExamine(config: Config): Promise<{ store: SqlStore; trouble: Installation['database'] }> {
  try {
    const { store } = await openBase(config);
    return { store, trouble: undefined };
  } catch (error) {
    const isKnown =
      error instanceof DatabaseMissingError || error instanceof DatabaseOlderError || error instanceof DatabaseNewerError;
    if (!isKnown) throw error;
    const level = error instanceof DatabaseNewerError ? 'problem' : 'warning';
    return { store: await openStore('sqlite::memory:'), trouble: { level, says: error.message } };
  }
}

/** Returns the files that only the gateway's user should be able to read. */
function privateFiles({ databaseUrl, keyFile, marksFile, tls }: Config): readonly string[] {
  const path = databaseUrl.startsWith('sqlite:') ? databaseUrl.slice('sqlite:'.length) : undefined;
  const database = path === undefined ? [] : [path, `${path}-wal`, `${path}-shm`, `${path}.lock`];
  return [...database, keyFile, marksFile, ...(tls === undefined ? [] : [tls.keyFile])];
}
