import { OperatorError } from '../../kernel/operator-error.ts';
import type { OrderId } from '../../kernel/ids.ts';
import type { Command } from '../command.ts';
import { lines } from '../support/lines.ts';
import { readOptions } from '../support/options.ts';
import { orderJson } from './order-json.ts';
import { withBase } from '../support/with-base.ts';

/** `webpos order show UUID`: all that is stored of an order. */
export const orderShow: Command = async (world, config, words) => {
  const options = readOptions(words, [], { argument: true });
  const id = options.argument<OrderId>('an order');
  const shown = await withBase(world, config, async ({ store }) => {
    const order = await store.orders.get(id);
    if (order === undefined) throw new OperatorError(`no order with id ${id}`);
    const tip = await store.chain.tip();
    return orderJson(order, tip?.height ?? 0, await store.callbacks.ofOrder(id), await store.history.ofOrder(id));
  });
  world.out(options.json ? JSON.stringify(shown) : lines(shown));
};
