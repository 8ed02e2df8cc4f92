/**
 * Looks at everything that a gateway needs, one thing after the other, and says how each does: what the operator reads before
 * trusting it with sales, and when something is wrong. It changes nothing, and one thing that fails does not keep it from the next.
 */
import type { ChainSource } from '../chain/source.ts';
import type { BlockRef, Network } from '../kernel/chain.ts';
import type { Clock, EpochMs } from '../kernel/clock.ts';
import type { AnsweredRate } from '../rates/answered-rate.ts';
import type { Agreement } from '../rates/agree.ts';
import { formatDecimal } from '../kernel/decimal.ts';
import type { Store } from '../store/ports.ts';
import { GAP_LIMIT, unusedInARow } from '../wallet/gap.ts';
import { checkStored } from './check-stored.ts';
import type { LoginContext } from './login.ts';

export interface Finding {
  /** What was looked at: `chain`, `rates EUR`. */
  readonly what: string;
  /** `problem`: sales or payments fail, or will; `warning`: it should be looked at. */
  readonly level: 'ok' | 'warning' | 'problem';
  /** How it does, and where it does not, what to do. Never a secret. */
  readonly says: string;
}

export interface Examined {
  readonly store: Store;
  readonly keys: LoginContext['keys'];
  readonly network: Network;
  readonly source: ChainSource;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Asks every source of rates once, and answers what they agree on. */
  readonly rate: (
    currency: string,
  ) => Promise<{ readonly answers: readonly AnsweredRate[]; readonly agreed: Agreement | undefined }>;
  /** Until when the certificate is good; undefined where something else serves https. */
  readonly certificateEndsAt: (() => Promise<EpochMs>) | undefined;
}

const DAY_MS = 86_400_000;
const CERTIFICATE_WARNING_MS = 14 * DAY_MS;
const OLDEST_CALLBACK_MS = 3_600_000;
const CENSUS_BOUND = 10_000;
/** The follower remembers this many blocks: what it has never seen of a reorganisation deeper than that, it cannot undo. */
const REMEMBERED = 400;

/** Every finding, in the order in which they are looked for. */
export async function* examine(examined: Examined): AsyncGenerator<Finding> {
  const looks: readonly (readonly [what: string, look: (examined: Examined) => Promise<readonly Finding[]>])[] = [
    ['database', database],
    ['key file', keyFile],
    ['accounts', accounts],
    ['chain', chain],
    ['mempool', mempool],
    ['rates', rates],
    ['callbacks', callbacks],
    ['certificate', certificate],
  ];
  for (const [what, look] of looks) {
    try {
      yield* await look(examined);
    } catch (error) {
      yield { what, level: 'problem', says: error instanceof Error ? error.message : String(error) };
    }
  }
}

async function database({ store }: Examined): Promise<readonly Finding[]> {
  const pos = await store.pos.list();
  const active = pos.filter((each) => each.active).length;
  if (active === 0)
    return [{ what: 'database', level: 'warning', says: 'there is no POS yet that is switched on: webpos pos create makes one' }];
  return [{ what: 'database', level: 'ok', says: `answers; ${active} of ${pos.length} POS switched on` }];
}

async function keyFile(examined: Examined): Promise<readonly Finding[]> {
  await checkStored(examined);
  return [{ what: 'key file', level: 'ok', says: 'opens the secret of every POS' }];
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

async function chain({ source, store, signal }: Examined): Promise<readonly Finding[]> {
  await source.check(signal);
  const tip = await source.tip(signal);
  const ours = await store.chain.tip();
  const found: Finding = { what: 'chain', level: 'ok', says: `${source.name} is on ${source.network}, at block ${tip.height}` };
  return [found, await position(source, tip, ours, signal)];
}

/** Where the gateway is on the chain; it may be stopped now, and goes on from there. */
async function position(source: ChainSource, tip: BlockRef, ours: BlockRef | undefined, signal: AbortSignal): Promise<Finding> {
  const what = 'position';
  if (ours === undefined)
    return { what, level: 'ok', says: 'nothing has been read of the chain yet: the first start begins at its tip' };
  const behind = tip.height - ours.height;
  const same = await source.blockAt(ours.height, signal);
  if (same?.hash !== ours.hash) {
    const says = `block ${ours.height} that was read last is no longer on the best chain: it is undone at the next start, at most ${REMEMBERED} blocks deep`;
    return { what, level: 'warning', says };
  }
  const next = behind > 0 ? await source.blockAt(ours.height + 1, signal) : undefined;
  // Throws where the node has pruned it.
  if (next !== undefined) await source.block(next.hash, signal);
  return { what, level: behind > 6 ? 'warning' : 'ok', says: `${behind} blocks behind; the next of them can be read` };
}

async function mempool({ source, signal }: Examined): Promise<readonly Finding[]> {
  const txids = await source.mempool(signal);
  return [{ what: 'mempool', level: 'ok', says: `${txids.size} transactions` }];
}

async function rates({ store, rate }: Examined): Promise<readonly Finding[]> {
  const { currencies } = await store.census(CENSUS_BOUND);
  return Promise.all(
    currencies.map(async (currency): Promise<Finding> => {
      const what = `rates ${currency}`;
      const { answers, agreed } = await rate(currency);
      const failed = answers.filter(({ trouble }) => trouble !== undefined).map(({ name, trouble }) => `${name}: ${trouble}`);
      const told = failed.length === 0 ? '' : `; ${failed.join('; ')}`;
      if (agreed === undefined) return { what, level: 'problem', says: `no rate, so that orders get 4003${told}` };
      const says = `one bitcoin is ${formatDecimal(agreed.price)}, by ${agreed.providers.join(', ')}${told}`;
      return { what, level: failed.length === 0 ? 'ok' : 'warning', says };
    }),
  );
}

async function callbacks({ store, clock }: Examined): Promise<readonly Finding[]> {
  const { waitingCallbacks: waiting, oldestWaitingAt, failedCallbacks: failed } = await store.census(CENSUS_BOUND);
  const ageMs = oldestWaitingAt === undefined ? 0 : clock.now() - oldestWaitingAt;
  const says = `${waiting} waiting, ${failed} given up`;
  if (failed > 0)
    return [{ what: 'callbacks', level: 'warning', says: `${says}: webpos callback list --status failed shows them` }];
  if (ageMs > OLDEST_CALLBACK_MS)
    return [{ what: 'callbacks', level: 'warning', says: `${says}, the oldest for ${Math.floor(ageMs / 60_000)} minutes` }];
  return [{ what: 'callbacks', level: 'ok', says }];
}

async function certificate({ certificateEndsAt, clock }: Examined): Promise<readonly Finding[]> {
  if (certificateEndsAt === undefined) return [];
  const leftMs = (await certificateEndsAt()) - clock.now();
  const says = `good for ${Math.floor(leftMs / DAY_MS)} more days`;
  if (leftMs <= 0) return [{ what: 'certificate', level: 'problem', says: 'has run out' }];
  return [{ what: 'certificate', level: leftMs < CERTIFICATE_WARNING_MS ? 'warning' : 'ok', says }];
}
