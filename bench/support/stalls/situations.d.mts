import type { WalletSeals } from '../../../packages/gateway/src/security/wallet-seals.ts';
import type { BenchDatabase } from './database.mjs';

export interface Situation {
  readonly name: string;
  during(at: unknown): Promise<unknown>;
}

export function makeSituations(
  world: {
    readonly database: Pick<BenchDatabase, 'kind' | 'exec' | 'all'>;
    readonly folder: string;
    readonly seals: Pick<WalletSeals, 'ofOrder'>;
    readonly orders: number;
    readonly deadlines: number;
    readonly tenth: number;
    readonly gateway: () => unknown;
    readonly settle: () => Promise<void>;
  },
  pos: unknown,
  samples: { readonly paid: string; readonly pending: string },
): Promise<readonly Situation[]>;
