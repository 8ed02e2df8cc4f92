/**
 * Examines everything that a gateway needs, for `webpos doctor`. It changes nothing, and one examination that fails does not affect the
 * others.
 */
import type { ChainSource } from '../../chain/source.ts';
import type { Network } from '../../kernel/chain.ts';
import type { Clock, EpochMs } from '../../kernel/clock.ts';
import { formatDecimal } from '../../kernel/decimal.ts';
import { DAY_MS, HOUR_MS } from '../../kernel/durations.ts';
import { inMegabytes, LOW_SPACE_BYTES, NO_SPACE_BYTES } from '../../kernel/free-space.ts';
import type { HostList } from '../../kernel/host-list.ts';
import { maxConfirmations } from '../../orders/confirmation-limit.ts';
import type { Agreement } from '../../rates/agree.ts';
import type { AnsweredRate } from '../../rates/answered-rate.ts';
import type { MarksFile } from '../../store/marks.ts';
import type { SealMarker } from '../../store/seal-marker.ts';
import type { Store } from '../../store/ports/store.ts';
import { GAP_LIMIT } from '../../wallet/gap.ts';
import { countUnused } from '../addresses/count-unused.ts';
import { describeLeader } from '../leader/describe-leader.ts';
import { examineChain } from './examine-chain.ts';
import { examineDatabaseSetup, type WithDatabaseSetup } from './examine-database-setup.ts';
import {
  accountNetwork,
  database,
  files,
  fixedRates,
  keyFile,
  mode,
  publicUrl,
  shops,
  version,
  type Installation,
} from './examine-installation.ts';
import { examineMarks } from './examine-marks.ts';
import { examineSealMarker } from './examine-seal-marker.ts';
import { examineSeals } from './examine-seals.ts';
import { examineNotifications, type WithMail } from './examine-notifications.ts';
import { examinePeople } from './examine-people.ts';
import { examineRefunds } from './examine-refunds.ts';
import { examineUnassigned } from './examine-unassigned.ts';
import type { Finding } from './finding.ts';

export type { Finding } from './finding.ts';

export interface Examined extends WithDatabaseSetup, WithMail {
  readonly store: Store;
  readonly installation: Installation;
  readonly marks: MarksFile;
  readonly sealMarker: SealMarker;
  readonly network: Network;
  readonly settlementTimeoutMs: number;
  readonly source: ChainSource;
  readonly clock: Clock;
  /** Private hosts to which callbacks may go. */
  readonly callbacksAllow: HostList;
  readonly signal: AbortSignal;
  /** Fetches the quotes of every rate source once, and computes the rate from them. */
  readonly rate: (
    currency: string,
  ) => Promise<{ readonly answers: readonly AnsweredRate[]; readonly agreed: Agreement | undefined }>;
  /** Returns the free space of the database's file system; undefined for PostgreSQL. */
  readonly databaseFreeBytes: (() => Promise<number>) | undefined;
  /** Returns when the certificate expires; undefined if the gateway does not serve https itself. */
  readonly certificateEndsAt: (() => Promise<EpochMs>) | undefined;
}

const CERTIFICATE_WARNING_MS = 14 * DAY_MS;
const MAX_CALLBACK_AGE_MS = HOUR_MS;
const MAX_COUNTED = 10_000;
/** The deadline of one examination. */
const DEADLINE_MS = 25_000;

/** Yields all findings in order. An examination that takes longer than `deadlineMs` is a problem. */
export async function* examine(examined: Examined, deadlineMs: number = DEADLINE_MS): AsyncGenerator<Finding> {
  const examinations: readonly (readonly [what: string, run: (examined: Examined) => Promise<readonly Finding[]>])[] = [
    ['version', version],
    ['mode', mode],
    ['network', accountNetwork],
    ['database', database],
    ['database setup', examineDatabaseSetup],
    ['free space', freeSpace],
    ['key file', keyFile],
    ['files', files],
    ['people', people],
    ['accounts', accounts],
    ['confirmations', confirmations],
    ['marks file', examineMarks],
    ['seals', examineSeals],
    ['seal marker', examineSealMarker],
    ['refunds', examineRefunds],
    ['unassigned payments', examineUnassigned],
    ['leader', leader],
    ['chain', examineChain],
    ['notifications', notifications],
    ['mempool', mempool],
    ['payments', payments],
    ['rates', rates],
    ['callbacks', callbacks],
    ['callbacks allow', allowedHosts],
    ['e-mail', examineNotifications],
    ['shops', shops],
    ['fixed rates', fixedRates],
    ['certificate', certificate],
    ['public URL', publicUrl],
  ];
  for (const [what, run] of examinations) {
    // A deadline for each, so that one that hangs does not take time from the others.
    const deadline = AbortSignal.timeout(deadlineMs);
    try {
      yield* await run({ ...examined, signal: AbortSignal.any([examined.signal, deadline]) });
    } catch (error) {
      const says = deadline.aborted
        ? `no answer within ${deadlineMs / 1_000} s`
        : error instanceof Error
          ? error.message
          : String(error);
      yield { what, level: 'problem', says };
    }
  }
}

async function people({ store, installation }: Examined): Promise<readonly Finding[]> {
  const keys = await installation.keys();
  return keys === undefined ? [] : examinePeople(store, keys, installation.publicUrl !== undefined);
}

async function freeSpace({ databaseFreeBytes }: Examined): Promise<readonly Finding[]> {
  if (databaseFreeBytes === undefined) return [];
  const freeBytes = await databaseFreeBytes();
  const says = `${inMegabytes(freeBytes)} left for the database`;
  if (freeBytes >= LOW_SPACE_BYTES) return [{ what: 'free space', level: 'ok', says }];
  const level = freeBytes < NO_SPACE_BYTES ? 'problem' : 'warning';
  return [{ what: 'free space', level, says: `${says}: without free space, no order is created and no payment is recorded` }];
}

async function accounts({ store }: Examined): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { id, name, nextIndex } of await store.accounts.list()) {
    const unused = await countUnused(store, { id, nextIndex });
    const what = `account ${name}`;
    if (unused < GAP_LIMIT) findings.push({ what, level: 'ok', says: `next address ${nextIndex}, ${unused} unused before it` });
    else
      findings.push({
        what,
        level: 'warning',
        says: `the last ${unused} addresses were never paid: a restored wallet may not search beyond ${GAP_LIMIT}; see docs/wallets.md`,
      });
  }
  return findings;
}

async function confirmations({ store, network, settlementTimeoutMs }: Examined): Promise<readonly Finding[]> {
  const max = maxConfirmations(network, settlementTimeoutMs);
  return (await store.pos.list())
    .filter(({ active, defaults }) => active && defaults.requiredConfirmations > max)
    .map(({ name, defaults }) => ({
      what: `POS ${name}`,
      level: 'problem',
      says: `requires ${defaults.requiredConfirmations} confirmations, but WEBPOS_SETTLEMENT_TIMEOUT_S leaves time for ${max}: its orders are refused with 0001`,
    }));
}

async function notifications({ source, signal }: Examined): Promise<readonly Finding[]> {
  if (source.notificationTrouble === undefined) return [];
  const what = 'notifications';
  const trouble = await source.notificationTrouble(signal);
  if (trouble === undefined) return [{ what, level: 'ok', says: 'the node reports changes at WEBPOS_BITCOIND_ZMQ_SEQUENCE' }];
  const says = `WEBPOS_BITCOIND_ZMQ_SEQUENCE: ${trouble}. The gateway polls the node instead, and sees payments up to a second later: compare the setting with the node's -zmqpubsequence`;
  return [{ what, level: 'warning', says }];
}

async function mempool({ source, signal }: Examined): Promise<readonly Finding[]> {
  const txids = await source.mempool(signal);
  return [{ what: 'mempool', level: 'ok', says: `${txids.size} transactions` }];
}

async function payments({ store }: Examined): Promise<readonly Finding[]> {
  const { missingPayments: missing } = await store.stats(MAX_COUNTED);
  const what = 'payments';
  if (missing === 0) return [{ what, level: 'ok', says: 'the node has every payment' }];
  const says = `${missing} missing from the node for no known reason: serve rebroadcasts them; see docs/order-life.md`;
  return [{ what, level: 'warning', says }];
}

async function rates({ store, rate }: Examined): Promise<readonly Finding[]> {
  const { currencies } = await store.stats(MAX_COUNTED);
  return Promise.all(
    currencies.map(async (currency): Promise<Finding> => {
      const what = `rates ${currency}`;
      const { answers, agreed } = await rate(currency);
      const failed = answers.filter(({ trouble }) => trouble !== undefined).map(({ name, trouble }) => `${name}: ${trouble}`);
      const reported = failed.length === 0 ? '' : `; ${failed.join('; ')}`;
      if (agreed === undefined) return { what, level: 'problem', says: `no rate, so orders are refused with 4003${reported}` };
      const says = `one bitcoin is ${formatDecimal(agreed.price)}, from ${agreed.providers.join(', ')}${reported}`;
      return { what, level: failed.length === 0 ? 'ok' : 'warning', says };
    }),
  );
}

async function callbacks({ store, clock }: Examined): Promise<readonly Finding[]> {
  const { waitingCallbacks: waiting, oldestWaitingAt, failedCallbacks: failed } = await store.stats(MAX_COUNTED);
  const ageMs = oldestWaitingAt === undefined ? 0 : clock.now() - oldestWaitingAt;
  const says = `${waiting} waiting, ${failed} given up`;
  if (failed > 0)
    return [{ what: 'callbacks', level: 'warning', says: `${says}: webpos callback list --status failed lists them` }];
  if (ageMs > MAX_CALLBACK_AGE_MS)
    return [{ what: 'callbacks', level: 'warning', says: `${says}, the oldest for ${Math.floor(ageMs / 60_000)} minutes` }];
  return [{ what: 'callbacks', level: 'ok', says }];
}

async function allowedHosts({ callbacksAllow: { entries } }: Examined): Promise<readonly Finding[]> {
  if (entries.length === 0) return [];
  return [{ what: 'callbacks allow', level: 'ok', says: `callbacks may also go to ${entries.join(', ')}, over http too` }];
}

async function certificate({ certificateEndsAt, clock }: Examined): Promise<readonly Finding[]> {
  if (certificateEndsAt === undefined) return [];
  const leftMs = (await certificateEndsAt()) - clock.now();
  const says = `expires in ${Math.floor(leftMs / DAY_MS)} days`;
  if (leftMs <= 0) return [{ what: 'certificate', level: 'problem', says: 'has expired' }];
  return [{ what: 'certificate', level: leftMs < CERTIFICATE_WARNING_MS ? 'warning' : 'ok', says }];
}

/** Which of several processes follows the chain. */
async function leader({ store }: Examined): Promise<readonly Finding[]> {
  const described = await describeLeader(store);
  if (described === undefined) return [];
  return [{ what: 'leader', level: described.isLed ? 'ok' : 'warning', says: described.says }];
}
