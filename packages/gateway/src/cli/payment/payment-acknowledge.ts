import { parseTxid, type OutPoint } from '../../kernel/chain.ts';
import { systemClock } from '../../kernel/clock.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import { unassignedJson } from '../../contract/unassigned-json.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { lines } from '../support/lines.ts';
import { UsageError } from '../support/usage-error.ts';
import { withBase } from '../support/with-base.ts';

const MAX_VOUT = 2 ** 32 - 1;
const MAX_NOTE_CHARACTERS = 500;

/** `webpos payment acknowledge`: marks an unassigned payment as dealt with. */
export const paymentAcknowledge: Command = defineCommand({
  name: 'payment acknowledge',
  summary: 'Mark an unassigned payment as dealt with',
  usage: '--output TXID:VOUT --note TEXT',
  options: {
    output: {
      value: 'TXID:VOUT',
      text: 'payment',
      allowed: 'the transaction id and output number that webpos payment unassigned shows',
    },
    note: {
      value: 'TEXT',
      text: 'note on what was done about it',
      allowed: `1 to ${MAX_NOTE_CHARACTERS} characters in one line`,
    },
  },
  notes: ['The gateway no longer warns about the payment. The command moves no bitcoin and settles no order.'],
  example: '--output 5f2b...0f0a:0 --note refunded',
  run: async (world, config, options) => {
    const outPoint = parseOutPoint(options.required('output'));
    const note = parseNote(options.required('note'));
    const shown = await withBase(world, config, async ({ store }) => {
      const acknowledged = await store.unassigned.acknowledge(outPoint, systemClock.now(), note);
      const payment = await store.unassigned.get(outPoint);
      if (payment === undefined)
        throw new OperatorError('--output: expected an unassigned payment, such as webpos payment unassigned lists');
      if (!acknowledged) throw new OperatorError('--output: expected a payment that is not acknowledged yet');
      return unassignedJson(payment);
    });
    world.out(options.json ? JSON.stringify(shown) : lines({ ...shown }));
  },
});

function parseOutPoint(text: string): OutPoint {
  const [, txid, digits] = /^([0-9a-f]{64}):(\d{1,10})$/i.exec(text) ?? [];
  const vout = Number(digits);
  if (txid === undefined || vout > MAX_VOUT)
    throw new UsageError('--output: expected a transaction id and an output number such as 5f…a1:0');
  return { txid: parseTxid(txid.toLowerCase()), vout };
}

function parseNote(text: string): string {
  const note = text.trim();
  if (note.length <= MAX_NOTE_CHARACTERS && !/\p{Cc}/u.test(note)) return note;
  throw new UsageError(`--note: expected at most ${MAX_NOTE_CHARACTERS} characters in one line`);
}
