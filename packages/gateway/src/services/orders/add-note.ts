/** Adds a note to an order. Notes are never changed or deleted; only `webpos forget` erases their texts. */
import type { OrderId } from '../../kernel/ids.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import { actorName, type Actor } from '../../people/actor.ts';
import type { OrderNote } from '../../store/ports/orders/order-note-store.ts';
import { recordAction, type AuditContext } from '../audit/audit-log.ts';
import type { OrderChangeContext } from '../context.ts';

/** How many notes an order may have. */
export const MAX_NOTES = 500;
export const MAX_NOTE_CHARACTERS = 2_000;

/** The note cannot be added. */
export class NoteError extends OperatorError {
  override readonly name = 'NoteError';
  readonly reason: 'no_order' | 'invalid' | 'too_many';

  constructor(reason: NoteError['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

/** @throws NoteError if the order does not exist, has too many notes, or the text is empty, too long or not one. */
export async function addNote(
  context: Pick<OrderChangeContext, 'store' | 'clock' | 'newUuid' | 'ordersChanged'> & AuditContext,
  actor: Actor,
  id: OrderId,
  text: string,
): Promise<OrderNote> {
  const note: OrderNote = {
    id: context.newUuid(),
    orderId: id,
    at: context.clock.now(),
    author: actorName(actor),
    text: validNote(text),
  };
  await context.store.transaction(async (tx) => {
    if ((await tx.orders.lock(id)) === undefined) throw new NoteError('no_order', `no order with id ${id}`);
    if ((await tx.notes.ofOrder(id, MAX_NOTES)).length >= MAX_NOTES)
      throw new NoteError('too_many', `notes: expected at most ${MAX_NOTES} of an order`);
    await tx.notes.insert(note);
    // Without the text: it may name a person, and must be erasable.
    await recordAction(context, tx, actor, { action: 'order.note', subject: { kind: 'order', id }, after: { note: note.id } });
  });
  context.ordersChanged([id]);
  return note;
}

/** Line breaks are kept, in the form that the databases store. */
function validNote(text: string): string {
  const note = text.replaceAll(/\r\n?/g, '\n').trim();
  if (note !== '' && [...note].length <= MAX_NOTE_CHARACTERS && !/(?![\n\t])\p{Cc}|\p{Surrogate}/u.test(note)) return note;
  throw new NoteError('invalid', `note: expected 1 to ${MAX_NOTE_CHARACTERS} characters, got something else`);
}
