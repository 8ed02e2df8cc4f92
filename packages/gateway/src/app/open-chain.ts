/** Opens the chain source, and the indexes of what is searched for in its blocks. */
import { randomInt } from 'node:crypto';
import { OutPointIndex } from '../chain/out-point-index.ts';
import { SandboxChain } from '../chain/sandbox/sandbox-chain.ts';
import { ScriptIndex } from '../chain/script-index.ts';
import { WrongChainError, type ChainSource } from '../chain/source.ts';
import type { Config } from '../config/config.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Log } from '../ops/log.ts';
import type { SqlStore } from '../store/sql/sql-store.ts';
import type { Opening } from './opening.ts';

/** How long the chain source may take to answer at startup. */
const FIRST_CHECK_MS = 15_000;

export interface OpenedSource {
  readonly source: ChainSource;
  /** The source, if it is the sandbox chain. */
  readonly sandbox: SandboxChain | undefined;
}

export interface OpenedChain extends OpenedSource {
  readonly scripts: ScriptIndex;
  readonly outPoints: OutPointIndex;
}

/** @throws WrongChainError when the source serves another chain. */
export async function openChain({ config, clock, log }: Opening, store: SqlStore): Promise<OpenedChain> {
  const opened = await openSource(config, store, clock, log);
  await checkOrWait(opened.source, log);
  return { ...opened, ...(await openIndexes(store)) };
}

/** Loads what is searched for in blocks. */
export async function openIndexes(store: SqlStore): Promise<Pick<OpenedChain, 'scripts' | 'outPoints'>> {
  const scripts = new ScriptIndex([randomInt(2 ** 32), randomInt(2 ** 32)]);
  scripts.reserve(await store.orders.countScripts());
  await scripts.load(store.orders.scripts());
  const outPoints = new OutPointIndex([randomInt(2 ** 32), randomInt(2 ** 32)]);
  await outPoints.load(store.transactions.outPoints());
  return { scripts, outPoints };
}

/** Opens the source of the settings, without a request to the node. */
export async function openSource(config: Config, store: SqlStore, clock: Clock, log: Log): Promise<OpenedSource> {
  const { chain, network } = config;
  if (chain.kind === 'sandbox') {
    const sandbox = await SandboxChain.open({ store: store.sandbox, clock, network });
    return { source: sandbox, sandbox };
  }
  const { createBitcoindSource } = await import('../chain/bitcoind/bitcoind-source.ts');
  const source = createBitcoindSource({
    url: chain.url,
    network,
    clock,
    log: { info: (message) => log.info(message), warn: (message) => log.warn(message) },
    ...(chain.cookieFile === undefined ? {} : { cookieFile: chain.cookieFile }),
    ...(chain.zmqSequence === undefined ? {} : { zmqSequence: chain.zmqSequence }),
  });
  return { source, sandbox: undefined };
}

/**
 * Checks the source. If it is unavailable, the gateway serves meanwhile, and the watcher retries.
 *
 * @throws WrongChainError when it serves another chain.
 */
export async function checkOrWait(source: ChainSource, log: Log): Promise<void> {
  try {
    await source.check(AbortSignal.timeout(FIRST_CHECK_MS));
  } catch (error) {
    if (error instanceof WrongChainError) throw error;
    log.warn({ err: error }, 'chain: the source is unavailable; serving without it until it returns');
  }
}
