import type { Network } from '../kernel/chain.ts';

/** What a gateway is run for, and on which chain. */
export interface ModeAndNetwork {
  readonly mode: 'sandbox' | 'live';
  readonly network: Network;
}

/** @example describeMode({ mode: 'live', network: 'bitcoin' }) // 'live mode on bitcoin' */
export function describeMode({ mode, network }: ModeAndNetwork): string {
  return `${mode} mode on ${network}`;
}
