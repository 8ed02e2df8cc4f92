import { parseTxid, type OutPoint } from '../../kernel/chain.ts';
import { systemClock } from '../../kernel/clock.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import { unassignedJson } from '../../contract/unassigned-json.ts';
import type { Command } from '../command.ts';
import { lines } from '../support/lines.ts';
import { readOptions } from '../support/options.ts';
import { UsageError } from '../support/usage-error.ts';
import { withBase } from '../support/with-base.ts';

/** `webpos payment acknowledge --output TXID:VOUT --note TEXT`: an unassigned payment was dealt with. */
export const paymentAcknowledge: Command = async (world, config, words) => {
  const options = readOptions(words, ['output', 'note']);
  const outPoint = outPointOf(options.required('output'));
  const note = noteOf(options.required('note'));
  const shown = await withBase(world, config, async ({ store }) => {
    const acknowledged = await store.unassigned.acknowledge(outPoint, systemClock.now(), note);
    const payment = await store.unassigned.get(outPoint);
    if (payment === undefined)
      throw new OperatorError('--output: expected an unassigned payment: webpos payment unassigned lists them');
    if (!acknowledged) throw new OperatorError('--output: expected one that was not acknowledged before');
    return unassignedJson(payment);
  });
  world.out(options.json ? JSON.stringify(shown) : lines({ ...shown }));
};

const MAX_VOUT = 2 ** 32 - 1;
const MAX_NOTE = 500;

function outPointOf(text: string): OutPoint {
  const [, txid, digits] = /^([0-9a-f]{64}):(\d{1,10})$/i.exec(text) ?? [];
  const vout = Number(digits);
  if (txid === undefined || vout > MAX_VOUT)
    throw new UsageError('--output: expected a transaction id and the number of its output, such as 5f…a1:0');
  return { txid: parseTxid(txid.toLowerCase()), vout };
}

function noteOf(text: string): string {
  const note = text.trim();
  if (note.length <= MAX_NOTE && !/\p{Cc}/u.test(note)) return note;
  throw new UsageError(`--note: expected at most ${MAX_NOTE} characters in one line`);
}
