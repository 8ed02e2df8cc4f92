import { randomUUID } from 'node:crypto';
import { isoDate, systemClock } from '../../kernel/clock.ts';
import type { OrderId } from '../../kernel/ids.ts';
import { orderedUuid } from '../../kernel/ordered-uuid.ts';
import { addNote, MAX_NOTE_CHARACTERS } from '../../services/orders/add-note.ts';
import { noteJson } from '../../services/orders/order-json.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { withBase } from '../support/with-base.ts';

/** `webpos order note`: adds a note to an order. */
export const orderNote: Command = defineCommand({
  name: 'order note',
  summary: 'Add a note to an order',
  usage: 'UUID --text TEXT',
  argument: { name: 'UUID', text: 'order to note something about' },
  options: { text: { value: 'TEXT', text: 'the note', allowed: `1 to ${MAX_NOTE_CHARACTERS} characters` } },
  notes: [
    'A note cannot be changed or deleted; webpos forget erases its text. The panel and webpos order show list the notes. Works while a ' +
      'gateway serves.',
  ],
  example: '3f8b2c1e-5a4d-4c3b-9e2f-1a0b9c8d7e6f --text "the buyer called"',
  run: async (world, config, options) => {
    const id = options.argument<OrderId>('an order');
    const text = options.required('text');
    const note = await withBase(world, config, async ({ store, keys }) =>
      addNote(
        {
          store,
          clock: systemClock,
          keys: await keys(),
          newUuid: () => orderedUuid(systemClock.now(), randomUUID()),
          // Open pages of a running gateway show it within seconds.
          ordersChanged: () => undefined,
        },
        { kind: 'command' },
        id,
        text,
      ),
    );
    if (options.json) return world.out(JSON.stringify(noteJson(note)));
    world.out(`Order ${id} has a new note, of ${isoDate(note.at)}.`);
  },
});
