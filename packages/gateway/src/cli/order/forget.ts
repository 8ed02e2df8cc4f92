import { systemClock } from '../../kernel/clock.ts';
import type { OrderId, PosId } from '../../kernel/ids.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import type { Postponed } from '../../services/orders/forget-order.ts';
import { findPersonalOrders, forgetOrders, type ForgetSearch } from '../../services/orders/forget-orders.ts';
import type { CliWorld, Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import type { Options } from '../support/options.ts';
import { UsageError } from '../support/usage-error.ts';
import { withBase } from '../support/with-base.ts';

/** A shorter text would match orders of others. */
const MIN_TEXT = 3;

const WHY: Readonly<Record<Postponed, string>> = {
  open: 'it may still be paid, expire or be disputed',
  undelivered: 'a callback of it is still to be delivered',
  attention: 'it needs your attention first, perhaps for a refund',
};

/** `webpos forget`: erases what orders say about a person. */
export const forget: Command = defineCommand({
  name: 'forget',
  summary: 'Erase what orders say about a person',
  usage: '(--order UUID | --reference TEXT [--pos UUID] | --email ADDRESS)',
  options: {
    order: { value: 'UUID', text: 'the order', allowed: 'the UUID of an order' },
    reference: { value: 'TEXT', text: 'all orders with exactly this reference', allowed: '1 to 300 characters' },
    pos: { value: 'UUID', text: 'with --reference: only orders of this POS', allowed: 'the UUID of a POS' },
    email: {
      value: 'ADDRESS',
      text: 'all orders whose texts and URLs contain this address; reads every order',
      allowed: '3 to 300 characters',
    },
    'dry-run': { text: 'only show what would be erased' },
    now: { text: 'also forget orders that may still change or have callbacks to deliver' },
    vacuum: { text: 'then write a SQLite database anew; nobody can write meanwhile' },
    yes: { text: 'do not ask for confirmation' },
  },
  notes: [
    'Erases reference, details, the URLs of the buyer, refund address, reasons of manual decisions, notes, answers to callbacks, and what ' +
      'stored callbacks repeat of these. Amounts, transactions, states and times stay.',
    'Backups from before still have it. The ids of forgotten orders are recorded beside the marks file, and webpos restore erases ' +
      'their data again.',
  ],
  example: '--reference order-4711 --dry-run',
  run: async (world, config, options) => {
    const search = readSearch(options);
    const [dryRun, now] = [options.flag('dry-run'), options.flag('now')];
    const texts = search.by === 'text' ? [search.text] : [];
    const { ids, results } = await withBase(world, config, async ({ store }) => {
      const context = { store, clock: systemClock };
      const found = await findPersonalOrders(context, search);
      const forgotten = world.operator.forgotten(config);
      if (!dryRun && found.length > 0) await confirm(world, options.flag('yes'), found.length);
      return { ids: found, results: await forgetOrders(context, found, { forgotten, texts, now, dryRun }) };
    });
    if (results.length === 0) throw new OperatorError('forget: no order found');
    const isLogEmpty = dryRun || (await world.operator.clearTraces(config, options.flag('vacuum')));
    if (options.json) {
      world.out(JSON.stringify({ found: ids.length, dry_run: dryRun, log_cleared: isLogEmpty, orders: results.map(orderOf) }));
    } else {
      for (const { order, erases, postponed } of results)
        world.out(
          postponed !== undefined
            ? `${order}: left alone, because ${WHY[postponed]} (--now forgets it anyway)`
            : erases.length === 0
              ? `${order}: nothing to erase`
              : `${order}: ${dryRun ? 'would erase' : 'erased'} ${erases.join(', ')}`,
        );
      if (!isLogEmpty) world.out('The write-ahead log is in use and still holds earlier pages: run the command again later.');
    }
    const left = results.filter(({ postponed }) => postponed !== undefined).length;
    if (left > 0 && !dryRun) throw new OperatorError(`forget: ${left} of ${results.length} orders were left alone`);
  },
});

function orderOf({ order, erases, postponed }: Awaited<ReturnType<typeof forgetOrders>>[number]): Record<string, unknown> {
  return { order, erases, postponed: postponed ?? null };
}

function readSearch(options: Pick<Options<'order' | 'reference' | 'pos' | 'email'>, 'optional' | 'uuid'>): ForgetSearch {
  const id = options.uuid<OrderId>('order', 'an order');
  const [reference, email] = [options.optional('reference'), options.optional('email')];
  const posId = options.uuid<PosId>('pos', 'a POS');
  if ([id, reference, email].filter((given) => given !== undefined).length !== 1)
    throw new UsageError('expected one of --order, --reference and --email');
  if (posId !== undefined && reference === undefined) throw new UsageError('--pos: expected only with --reference');
  if (id !== undefined) return { by: 'order', id };
  if (reference !== undefined) return { by: 'reference', reference, posId };
  if (email === undefined || email.trim().length < MIN_TEXT)
    throw new UsageError(`--email: expected at least ${MIN_TEXT} characters`);
  return { by: 'text', text: email.trim() };
}

async function confirm(world: CliWorld, isConfirmed: boolean, count: number): Promise<void> {
  if (isConfirmed) return;
  if (world.ask === undefined) throw new UsageError('--yes: expected, because there is no terminal to ask for confirmation');
  const answer = await world.ask(
    `Erase what ${count} ${count === 1 ? 'order says' : 'orders say'} about a person? This cannot be undone. [y/N] `,
  );
  if (!/^y(?:es)?$/i.test(answer.trim())) throw new OperatorError('forget: nothing was erased');
}
