import type { WalletSeals } from '../../../packages/gateway/src/security/wallet-seals.ts';
import type { BenchDatabase } from './database.mjs';

/** @returns The number of the first copy. */
export function cloneOrders(
  database: Pick<BenchDatabase, 'kind' | 'exec' | 'all'>,
  sample: string,
  count: number,
  options: {
    /** The seals of the gateway. */
    readonly seals: Pick<WalletSeals, 'ofOrder'>;
    readonly createdAtMs: number;
    readonly payments?: boolean;
    readonly callbacks?: boolean;
    readonly readable?: boolean;
    readonly set?: Readonly<Record<string, string>>;
  },
): Promise<number>;
