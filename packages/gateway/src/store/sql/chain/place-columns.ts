/** The columns for the place of a payment, the same in `payments` and `unassigned_payments`. */
import { CorruptRowError } from '../corrupt-row-error.ts';
import { readersOf, rowWriter, type NewRow, type TableOf } from '../columns.ts';
import type { BlockHash, BlockRef, Txid } from '../../../kernel/chain.ts';
import type { EpochMs } from '../../../kernel/clock.ts';
import type { GoneReason, PaymentPlace } from '../../../orders/order.ts';
import type { Selectable } from 'kysely';

export const placeColumns = {
  block_height: { kind: 'integerOrNull', of: (place: PaymentPlace): number | null => blockOf(place)?.height ?? null },
  /** If it is replaced: the block of the replacing transaction. */
  block_hash: { kind: 'textOrNull', of: (place: PaymentPlace): BlockHash | null => blockOf(place)?.hash ?? null },
  /** If it is missing: since when. */
  missing_since: {
    kind: 'timeOrNull',
    of: (place: PaymentPlace): EpochMs | null => (place.kind === 'missing' ? place.since : null),
  },
  /** If it is gone: why; null if that was not recorded. */
  gone_reason: {
    kind: 'textOrNull',
    of: (place: PaymentPlace): string | null =>
      place.kind === 'gone' && place.reason.kind !== 'unrecorded' ? place.reason.kind : null,
  },
  /** If it is replaced: the transaction that spends the same output. */
  replaced_by: {
    kind: 'textOrNull',
    of: (place: PaymentPlace): Txid | null =>
      place.kind === 'gone' && place.reason.kind === 'replaced' ? place.reason.by : null,
  },
  place: { kind: 'text', of: (place: PaymentPlace): PaymentPlace['kind'] => place.kind },
} as const;

export type PlaceColumns = TableOf<typeof placeColumns>;
/** The place of a payment and its output, which errors name. */
export type PlaceRow = Selectable<PlaceColumns> & { readonly txid: string; readonly vout: number | string };

const read = readersOf(placeColumns);

export const rowOfPlace: (place: PaymentPlace) => NewRow<typeof placeColumns> = rowWriter(placeColumns);

export function placeFrom(row: PlaceRow): PaymentPlace {
  const [height, hash, since] = [
    read.block_height(row.block_height),
    read.block_hash(row.block_hash),
    read.missing_since(row.missing_since),
  ];
  const block = height === null || hash === null ? null : { height, hash };
  switch (row.place) {
    case 'mempool':
      return { kind: 'mempool' };
    case 'block':
      if (block !== null) return { kind: 'block', ...block };
      break;
    case 'missing':
      if (since !== null) return { kind: 'missing', since };
      break;
    case 'gone':
      return { kind: 'gone', reason: goneReasonFrom(row, block) };
  }
  throw new CorruptRowError(`payment ${row.txid}:${row.vout}: unknown place ${JSON.stringify(row.place)}`);
}

function goneReasonFrom(row: PlaceRow, block: BlockRef | null): GoneReason {
  const by = read.replaced_by(row.replaced_by);
  switch (row.gone_reason) {
    case null:
      return { kind: 'unrecorded' };
    case 'dropped':
    case 'timed_out':
      return { kind: row.gone_reason };
    case 'replaced':
      if (by !== null) return { kind: 'replaced', by, block };
  }
  throw new CorruptRowError(`payment ${row.txid}:${row.vout}: unknown gone_reason ${JSON.stringify(row.gone_reason)}`);
}

/** The block that a payment is in, or was replaced in. */
function blockOf(place: PaymentPlace): BlockRef | null {
  if (place.kind === 'block') return place;
  return place.kind === 'gone' && place.reason.kind === 'replaced' ? place.reason.block : null;
}
