import type { BenchDatabase } from './database.mjs';

/** @returns The number of the first copy. */
export function cloneOrders(
  database: Pick<BenchDatabase, 'kind' | 'exec' | 'all'>,
  sample: string,
  count: number,
  options: {
    readonly createdAtMs: number;
    readonly payments?: boolean;
    readonly callbacks?: boolean;
    readonly readable?: boolean;
    readonly set?: Readonly<Record<string, string>>;
  },
): Promise<number>;
