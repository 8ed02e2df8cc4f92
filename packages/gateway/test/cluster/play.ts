/**
 * Plays rounds on a cluster: load and events at the same time, then everything heals, and once all is quiet the model checks what was
 * stored, answered and delivered.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { dice, pick } from '../kill/lives.ts';
import { openCluster, type Cluster, type ClusterOptions } from './cluster.ts';
import * as events from './events.ts';
import type { EventKind } from './events.ts';
import { findViolations, missingOrders } from './find-violations.ts';
import { hurryDeadlines, hurryRetries } from './hurry.ts';

/** Every ten rounds play each of these once, with others beside them. */
const DECK: readonly EventKind[] = [
  events.burstAndKill,
  events.pauseLong,
  events.failOver,
  events.cutOff,
  events.rollingRestart,
  events.shiftClocks,
  events.restartPostgres,
  events.cutOff,
  events.failOver,
  events.stallTransaction,
];
/** Played beside the one of the deck. */
const EXTRA: readonly EventKind[] = [events.killAny, events.pauseShort, events.cutOff, events.killLeader];

const PATIENCE_MS = 60_000;

export interface PlayOptions extends Omit<ClusterOptions, 'random'> {
  readonly seed: number;
  readonly rounds: number;
  /** Played instead of the deck. */
  readonly deck?: readonly EventKind[];
  readonly print?: (line: string) => void;
  /** How long everything may take to become as it should be. Default: a minute. */
  readonly patienceMs?: number;
}

export interface Played {
  readonly violations: readonly string[];
  /** The round that showed the first violation. */
  readonly failedRound: number | undefined;
  readonly orders: number;
  readonly payments: number;
  readonly reorganisations: number;
  readonly doubleSpends: number;
  readonly arrivals: number;
  readonly sentAgain: number;
  /** How many requests were answered 503. */
  readonly refusals: number;
  readonly states: ReadonlyMap<string, number>;
  readonly lostOrders: number;
  readonly terms: number;
  readonly maxUnderWay: number;
  /** What each gateway has logged, of a run with violations. */
  readonly logs: readonly string[];
}

export async function play({
  seed,
  rounds,
  deck = DECK,
  print = () => undefined,
  patienceMs = PATIENCE_MS,
  ...options
}: PlayOptions): Promise<Played> {
  const random = dice(seed);
  await using cluster = await openCluster({ ...options, random });
  await Promise.all(cluster.gateways.map((gateway) => gateway.start()));
  const violations: string[] = [];
  let failedRound: number | undefined;
  let cards: EventKind[] = [];
  for (let round = 1; round <= rounds && failedRound === undefined; round += 1) {
    if (cards.length === 0) cards = shuffled(deck, random);
    const card = cards.pop() as EventKind;
    const kinds = [card, ...(deck === DECK && random() < 0.4 ? [pick(EXTRA, random)] : [])];
    const found = await playRound({ cluster, kinds, patienceMs, print: (line) => print(`round ${round}: ${line}`) });
    if (found.length > 0) failedRound ??= round;
    violations.push(...found.map((violation) => `round ${round}: ${violation}`));
  }
  return { ...(await summary(cluster)), violations, failedRound };
}

interface Round {
  readonly cluster: Cluster;
  /** Played at the same time. */
  readonly kinds: readonly EventKind[];
  readonly patienceMs: number;
  readonly print: (line: string) => void;
}

async function playRound({ cluster, kinds, patienceMs, print }: Round): Promise<string[]> {
  const begun = performance.now();
  const { random, shops, buyers, miners, endpoints } = cluster;
  endpoints.recover(false);
  shops.open();
  buyers.open();
  miners.open();
  await sleep(500 + random() * 1_000);
  await Promise.all(
    kinds.map(async (kind, nth) => {
      await sleep(nth * random() * 1_500);
      const event = await kind(cluster);
      print(event.name);
      await event.play(cluster);
    }),
  );
  await sleep(300 + random() * 700);
  await heal(cluster);
  const healedAt = performance.now();
  await buyers.close();
  await miners.close();
  const violations = await shops.close(patienceMs);
  endpoints.recover(true);
  violations.push(...(await settleDown(cluster, patienceMs)));
  const s = (ms: number): string => (ms / 1_000).toFixed(1);
  print(`${s(healedAt - begun)} s under load, ${s(performance.now() - healedAt)} s until quiet; ${violations.length} violations`);
  return violations;
}

/** Undoes whatever an event has left: every process runs, and reaches everything. */
async function heal({ gateways, database }: Cluster): Promise<void> {
  await database.repair();
  for (const gateway of gateways) {
    gateway.setLines('both', 'open');
    gateway.resume();
    await gateway.start();
  }
}

/** A look reads everything that is stored. */
const LOOK_EVERY_MS = 1_000;

/** Lets deadlines pass and payments confirm, waits until nothing is left to do, and returns what is still wrong then. */
async function settleDown(cluster: Cluster, patienceMs: number): Promise<string[]> {
  const { miners, database, gateways } = cluster;
  await hurryDeadlines(database.primary, cluster.random);
  await payLostOrders(cluster);
  await miners.mine(4);
  for (const deadline = performance.now() + patienceMs; ;) {
    await hurryRetries(database.primary);
    const violations = findViolations(await cluster.observe());
    for (const gateway of gateways) if (!gateway.isRunning) violations.push(`${gateway.name} has ended by itself`);
    violations.push(...gateways.flatMap(({ faults }) => faults), ...cluster.endpoints.wrong);
    if (violations.length === 0 || performance.now() > deadline) return violations;
    await sleep(LOOK_EVERY_MS);
  }
}

/** A payment to an order that a failover has lost must show up as unassigned. */
async function payLostOrders(cluster: Cluster): Promise<void> {
  const { stored } = await cluster.observe();
  for (const order of missingOrders(stored, cluster.ledger).slice(-3)) await cluster.buyers.payExactly(order);
}

async function summary(cluster: Cluster): Promise<Omit<Played, 'violations' | 'failedRound'>> {
  const { ledger, buyers, miners, endpoints, gateways } = cluster;
  const { stored } = await cluster.observe();
  const states = new Map<string, number>();
  for (const { state } of stored.orders) states.set(state.status, (states.get(state.status) ?? 0) + 1);
  return {
    orders: ledger.orders.length,
    payments: buyers.sent,
    reorganisations: miners.reorganisations,
    doubleSpends: miners.doubleSpends,
    arrivals: endpoints.arrivals.length,
    sentAgain: ledger.sentAgain,
    refusals: ledger.refusals,
    states,
    lostOrders: missingOrders(stored, ledger).length,
    terms: stored.terms.length,
    maxUnderWay: endpoints.maxUnderWay,
    logs: gateways.map((gateway) => gateway.log()),
  };
}

function shuffled<T>(list: readonly T[], random: () => number): T[] {
  return list
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
