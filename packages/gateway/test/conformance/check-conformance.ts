/**
 * Checks the whole contract over HTTP: every endpoint, field, type, error and state, and the callbacks as a shop receives them. It runs
 * against any gateway in sandbox mode, and lists what it cannot check without control over the gateway.
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
  /** Deviations from the contract; empty if there were none. */
  readonly findings: readonly Finding[];
  /** What could not be checked, and why. */
  readonly unchecked: readonly string[];
  readonly codes: ReadonlySet<string>;
  readonly blockchainStatuses: ReadonlySet<BlockchainStatus>;
}

export interface ConformanceOptions {
  readonly sections?: readonly Section[];
  /** Stops at the first finding for which this returns true. Default: checks everything. */
  readonly until?: (finding: Finding) => boolean;
}

export async function checkConformance(
  target: ConformanceTarget,
  { sections = SECTIONS, until }: ConformanceOptions = {},
): Promise<Conformance> {
  const { baseUrl, shop, other, receiver, control } = target;
  const probe = new Probe(baseUrl, until);
  const seen = new Set<BlockchainStatus>();
  const unchecked: string[] = [];
  let token = '';
  const lives = () => ({ probe, token, secret: shop.secret, receiver, seen });
  const walk: Readonly<Record<Section, () => Promise<void>>> = {
    login: () => checkLogin(probe, shop),
    protocol: () => checkProtocol(probe, token),
    orders: async () => checkOrders(probe, token, await tokenOf(probe, other)),
    lives: () => checkLives(lives()),
    chain: async () => {
      if (control.chain === undefined) unchecked.push('five of the eleven blockchain_status: the chain cannot be controlled');
      else await checkChainStates(lives(), control.chain);
    },
    surroundings: async () => void unchecked.push(...(await checkSurroundings(probe, token, control))),
  };
  for (const section of sections) {
    try {
      token ||= await tokenOf(probe, shop);
      await walk[section]();
    } catch (error) {
      if (error instanceof EnoughError) break;
      probe.found(
        section,
        `could not continue: ${error instanceof Error ? `${error.message} ${error.cause instanceof Error ? error.cause.message : ''}` : String(error)}`,
      );
    }
  }
  return { findings: probe.findings, unchecked, codes: probe.codes, blockchainStatuses: seen };
}
