/** The columns of `merchants`. */
import type { Selectable } from 'kysely';
import type { EpochMs } from '../../../kernel/clock.ts';
import type { MerchantId } from '../../../kernel/ids.ts';
import type { Merchant } from '../../../merchants/merchant.ts';
import { readersOf, type TableOf } from '../columns.ts';

export const fixedColumns = {
  id: { kind: 'text', of: ({ id }: Merchant): MerchantId => id },
  created_at: { kind: 'time', of: ({ createdAt }: Merchant): EpochMs => createdAt },
} as const;

export const detailColumns = {
  name: { kind: 'text', of: ({ name }: Merchant): string => name },
  /** Separated by line feeds, which a line cannot contain. */
  address: { kind: 'text', of: ({ address }: Merchant): string => address.join('\n') },
  tax_id: { kind: 'textOrNull', of: ({ taxId }: Merchant): string | null => taxId },
  email: { kind: 'textOrNull', of: ({ email }: Merchant): string | null => email },
  phone: { kind: 'textOrNull', of: ({ phone }: Merchant): string | null => phone },
  website: { kind: 'textOrNull', of: ({ website }: Merchant): string | null => website },
  time_zone: { kind: 'text', of: ({ timeZone }: Merchant): string => timeZone },
} as const;

export type MerchantsTable = TableOf<typeof fixedColumns> & TableOf<typeof detailColumns>;

const read = readersOf({ ...fixedColumns, ...detailColumns });

export function merchantFrom(row: Selectable<MerchantsTable>): Merchant {
  return {
    id: read.id(row.id),
    name: row.name,
    address: row.address === '' ? [] : row.address.split('\n'),
    taxId: row.tax_id,
    email: row.email,
    phone: row.phone,
    website: row.website,
    timeZone: row.time_zone,
    createdAt: read.created_at(row.created_at),
  };
}
