/**
 * Looks at everything that a gateway needs, one thing after the other, and says how each does: what the operator reads before
 * trusting it with sales, and when something is wrong. It changes nothing, and one thing that fails does not keep it from the next.
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
import type { Store } from '../../store/ports/store.ts';
import { GAP_LIMIT, unusedInARow } from '../../wallet/gap.ts';
import { examineChain } from './examine-chain.ts';
import { database, files, fixedRates, keyFile, publicUrl, shops, version, type Installation } from './examine-installation.ts';
import { examineMarks } from './examine-marks.ts';
import { examineUnassigned } from './examine-unassigned.ts';
import type { Finding } from './finding.ts';

export type { Finding } from './finding.ts';

export interface Examined {
  readonly store: Store;
  readonly installation: Installation;
  readonly marks: MarksFile;
  readonly network: Network;
  readonly settlementTimeoutMs: number;
  readonly source: ChainSource;
  readonly clock: Clock;
  /** Private hosts to which callbacks may go. */
  readonly callbacksAllow: HostList;
  readonly signal: AbortSignal;
  /** Asks every source of rates once, and answers what they agree on. */
  readonly rate: (
    currency: string,
  ) => Promise<{ readonly answers: readonly AnsweredRate[]; readonly agreed: Agreement | undefined }>;
  /** How much more the file system of the database takes; undefined where the database is no file here. */
  readonly databaseFreeBytes: (() => Promise<number>) | undefined;
  /** Until when the certificate is good; undefined where something else serves https. */
  readonly certificateEndsAt: (() => Promise<EpochMs>) | undefined;
}

const CERTIFICATE_WARNING_MS = 14 * DAY_MS;
const MAX_CALLBACK_AGE_MS = HOUR_MS;
const MAX_COUNTED = 10_000;
/** Within what one thing must have been looked at. */
const LOOK_MS = 25_000;

/** Every finding, in the order in which they are looked for. What takes longer than `lookMs` is a problem. */
export async function* examine(examined: Examined, lookMs: number = LOOK_MS): AsyncGenerator<Finding> {
  const looks: readonly (readonly [what: string, look: (examined: Examined) => Promise<readonly Finding[]>])[] = [
    ['version', version],
    ['database', database],
    ['free space', freeSpace],
    ['key file', keyFile],
    ['files', files],
    ['accounts', accounts],
    ['confirmations', confirmations],
    ['marks file', examineMarks],
    ['unassigned payments', examineUnassigned],
    ['chain', examineChain],
    ['notifications', notifications],
    ['mempool', mempool],
    ['payments', payments],
    ['rates', rates],
    ['callbacks', callbacks],
    ['callbacks allow', allowedHosts],
    ['shops', shops],
    ['fixed rates', fixedRates],
    ['certificate', certificate],
    ['public URL', publicUrl],
  ];
  for (const [what, look] of looks) {
    // A deadline each: what hangs says nothing about what is looked at after it.
    const deadline = AbortSignal.timeout(lookMs);
    try {
      yield* await look({ ...examined, signal: AbortSignal.any([examined.signal, deadline]) });
    } catch (error) {
      const says = deadline.aborted
        ? `no answer within ${lookMs / 1_000} s`
        : error instanceof Error
          ? error.message
          : String(error);
      yield { what, level: 'problem', says };
    }
  }
}

async function freeSpace({ databaseFreeBytes }: Examined): Promise<readonly Finding[]> {
  if (databaseFreeBytes === undefined) return [];
  const freeBytes = await databaseFreeBytes();
  const says = `${inMegabytes(freeBytes)} left for the database`;
  if (freeBytes >= LOW_SPACE_BYTES) return [{ what: 'free space', level: 'ok', says }];
  const level = freeBytes < NO_SPACE_BYTES ? 'problem' : 'warning';
  return [{ what: 'free space', level, says: `${says}: without room no order is made and no payment is noted` }];
}

async function accounts({ store }: Examined): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { id, name, nextIndex } of await store.accounts.list()) {
    const unused = unusedInARow(nextIndex, await store.accounts.lastPaidIndex(id));
    const what = `account ${name}`;
    if (unused < GAP_LIMIT) findings.push({ what, level: 'ok', says: `next address ${nextIndex}, ${unused} unused before it` });
    else
      findings.push({
        what,
        level: 'warning',
        says: `the last ${unused} addresses were never paid: a wallet that is restored may not look beyond ${GAP_LIMIT}; see docs/wallets.md`,
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
      says: `asks for ${defaults.requiredConfirmations} confirmations, but WEBPOS_SETTLEMENT_TIMEOUT_S leaves time for ${max}: its orders get 0001`,
    }));
}

async function notifications({ source, signal }: Examined): Promise<readonly Finding[]> {
  if (source.notificationTrouble === undefined) return [];
  const what = 'notifications';
  const trouble = await source.notificationTrouble(signal);
  if (trouble === undefined) return [{ what, level: 'ok', says: 'the node reports changes at WEBPOS_BITCOIND_ZMQ_SEQUENCE' }];
  const says = `WEBPOS_BITCOIND_ZMQ_SEQUENCE: ${trouble}. Payments are noticed by asking the node only, up to a second later: compare it with the node's -zmqpubsequence`;
  return [{ what, level: 'warning', says }];
}

async function mempool({ source, signal }: Examined): Promise<readonly Finding[]> {
  const txids = await source.mempool(signal);
  return [{ what: 'mempool', level: 'ok', says: `${txids.size} transactions` }];
}

/** Payments that the node has forgotten. */
async function payments({ store }: Examined): Promise<readonly Finding[]> {
  const { missingPayments: missing } = await store.stats(MAX_COUNTED);
  const what = 'payments';
  if (missing === 0) return [{ what, level: 'ok', says: 'the node has every payment that was seen' }];
  const says = `${missing} that the node no longer has, and that nothing has replaced: the gateway sends them again while it serves; see docs/order-life.md`;
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
      if (agreed === undefined) return { what, level: 'problem', says: `no rate, so that orders get 4003${reported}` };
      const says = `one bitcoin is ${formatDecimal(agreed.price)}, by ${agreed.providers.join(', ')}${reported}`;
      return { what, level: failed.length === 0 ? 'ok' : 'warning', says };
    }),
  );
}

async function callbacks({ store, clock }: Examined): Promise<readonly Finding[]> {
  const { waitingCallbacks: waiting, oldestWaitingAt, failedCallbacks: failed } = await store.stats(MAX_COUNTED);
  const ageMs = oldestWaitingAt === undefined ? 0 : clock.now() - oldestWaitingAt;
  const says = `${waiting} waiting, ${failed} given up`;
  if (failed > 0)
    return [{ what: 'callbacks', level: 'warning', says: `${says}: webpos callback list --status failed shows them` }];
  if (ageMs > MAX_CALLBACK_AGE_MS)
    return [{ what: 'callbacks', level: 'warning', says: `${says}, the oldest for ${Math.floor(ageMs / 60_000)} minutes` }];
  return [{ what: 'callbacks', level: 'ok', says }];
}

async function allowedHosts({ callbacksAllow: { entries } }: Examined): Promise<readonly Finding[]> {
  if (entries.length === 0) return [];
  return [{ what: 'callbacks allow', level: 'ok', says: `callbacks may also go to ${entries.join(', ')}, by http too` }];
}

async function certificate({ certificateEndsAt, clock }: Examined): Promise<readonly Finding[]> {
  if (certificateEndsAt === undefined) return [];
  const leftMs = (await certificateEndsAt()) - clock.now();
  const says = `good for ${Math.floor(leftMs / DAY_MS)} more days`;
  if (leftMs <= 0) return [{ what: 'certificate', level: 'problem', says: 'has run out' }];
  return [{ what: 'certificate', level: leftMs < CERTIFICATE_WARNING_MS ? 'warning' : 'ok', says }];
}
