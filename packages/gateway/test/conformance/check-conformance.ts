/**
 * Walks the whole contract over HTTP: every endpoint, field, type, error and state, and the callbacks as a shop receives them. Runs
 * against any gateway in sandbox mode; what it cannot reach there for want of control, it names.
 */
import type { BlockchainStatus } from '@webpos/sdk/wire';
import { checkChainStates, checkLives } from './lives.ts';
import { checkLogin, tokenOf } from './login.ts';
import { checkOrders } from './orders.ts';
import { EnoughError, Probe, type Finding } from './probe.ts';
import { checkProtocol } from './protocol.ts';
import { checkSurroundings } from './surroundings.ts';
import type { ConformanceTarget } from './target.ts';

export const SECTIONS = ['login', 'protocol', 'orders', 'lives', 'chain', 'surroundings'] as const;
export type Section = (typeof SECTIONS)[number];

export interface Conformance {
  /** Empty when all that was looked at is as the contract says. */
  readonly findings: readonly Finding[];
  /** What could not be looked at, and why. */
  readonly unseen: readonly string[];
  readonly codes: ReadonlySet<string>;
  readonly blockchainStatuses: ReadonlySet<BlockchainStatus>;
}

export interface ConformanceOptions {
  readonly sections?: readonly Section[];
  /** Ends the walk at the first such finding. Default: at the end. */
  readonly until?: (finding: Finding) => boolean;
}

export async function checkConformance(
  target: ConformanceTarget,
  { sections = SECTIONS, until }: ConformanceOptions = {},
): Promise<Conformance> {
  const { baseUrl, shop, other, receiver, control } = target;
  const probe = new Probe(baseUrl, until);
  const seen = new Set<BlockchainStatus>();
  const unseen: string[] = [];
  let token = '';
  const lives = () => ({ probe, token, secret: shop.secret, receiver, seen });
  const walk: Readonly<Record<Section, () => Promise<void>>> = {
    login: () => checkLogin(probe, shop),
    protocol: () => checkProtocol(probe, token),
    orders: async () => checkOrders(probe, token, await tokenOf(probe, other)),
    lives: () => checkLives(lives()),
    chain: async () => {
      if (control.chain === undefined) unseen.push('five of the eleven blockchain_status: the chain is out of reach');
      else await checkChainStates(lives(), control.chain);
    },
    surroundings: async () => void unseen.push(...(await checkSurroundings(probe, token, control))),
  };
  for (const section of sections) {
    try {
      token ||= await tokenOf(probe, shop);
      await walk[section]();
    } catch (error) {
      if (error instanceof EnoughError) break;
      probe.found(
        section,
        `could not go on: ${error instanceof Error ? `${error.message} ${error.cause instanceof Error ? error.cause.message : ''}` : String(error)}`,
      );
    }
  }
  return { findings: probe.findings, unseen, codes: probe.codes, blockchainStatuses: seen };
}
