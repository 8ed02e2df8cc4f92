import { connect } from 'node:net';
import type { Config } from '../../config/config.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import { isoDate } from '../../kernel/clock.ts';
import type { Order } from '../../orders/order.ts';
import { givesUp, planRestart, restartChain, type RestartPlan } from '../../services/chain/restart-chain.ts';
import type { CliWorld, Command } from '../command.ts';
import { readOptions, type Options } from '../support/options.ts';
import { UsageError } from '../support/usage-error.ts';
import { HOUR_MS } from '../../kernel/durations.ts';

/** How many orders are listed one by one. */
const LISTED = 20;
const MAX_HEIGHT = 99_999_999;
const TIMEOUT_MS = 2 * HOUR_MS;

/** `webpos chain restart-at`: goes on from another block where the gateway can go on in no other way. */
export const chainRestartAt: Command = async (world, config, words) => {
  const options = readOptions(words, ['height'], { flags: ['tip', 'accept-loss'] });
  const height = options.integer('height', -1, { least: 0, most: MAX_HEIGHT });
  if ((height === -1) === !options.flag('tip')) throw new UsageError('expected --height with a number, or --tip, and not both');
  if (config.chain.kind === 'sandbox')
    throw new OperatorError('the sandbox has a chain of its own, which it never loses sight of');
  await refuseWhileServed(config);
  await world.operator.whileNobodyServes(config, () => planAndRestart(world, config, options, height));
};

async function planAndRestart(world: CliWorld, config: Config, options: Options, height: number): Promise<void> {
  const examined = await world.openExamined(config);
  try {
    const chain = { ...examined, signal: AbortSignal.timeout(TIMEOUT_MS) };
    const plan = await planRestart(chain, options.flag('tip') ? 'tip' : height);
    if (!options.json) for (const line of explain(plan)) world.out(line);
    if (givesUp(plan) && !options.flag('accept-loss')) {
      if (options.json) world.out(JSON.stringify({ restarted: false, ...asJson(plan) }));
      throw new OperatorError('nothing was changed: repeat it with --accept-loss to give up what is said above');
    }
    const restart = await restartChain(chain, plan, (percent) => {
      if (!options.json) world.out(`looking for what is unspent: ${percent} %`);
    });
    if (options.json)
      world.out(
        JSON.stringify({ restarted: true, ...asJson(plan), at: isoDate(restart.at), found_payments: restart.foundPayments }),
      );
    else
      world.out(
        `Restarted at block ${restart.to.height}; ${restart.foundPayments} unspent payments found. Start webpos serve now.`,
      );
  } finally {
    await examined.close();
  }
}

/**
 * A gateway that serves keeps its position and its scripts in memory.
 *
 * @throws OperatorError when something listens where these settings would have it listen.
 */
async function refuseWhileServed({ host, port }: Config): Promise<void> {
  if (port === 0) return;
  const name = host === '0.0.0.0' ? '127.0.0.1' : host;
  const socket = connect({ host: name, port, timeout: 3_000 });
  const listens = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('timeout', () => resolve(false));
  });
  socket.destroy();
  if (listens) throw new OperatorError(`something listens at ${name} port ${port}, as webpos serve does: stop the gateway first`);
}

function explain({ from, to, tip, unread, undo, undoneOrders, openOrders, orders }: RestartPlan): string[] {
  const lines = [
    `The gateway has read up to block ${from.height} (${from.hash}); the node's chain ends at block ${tip.height}.`,
    `It goes on behind block ${to.height} (${to.hash}).`,
  ];
  if (unread === undefined && undo.length === 0) return [...lines, 'That gives nothing up.'];
  if (unread !== undefined) {
    const count = unread.to - unread.from + 1;
    lines.push(
      `Given up: the ${count} blocks from ${unread.from} to ${unread.to} are never read. Payments in them that are still unspent are looked for, ` +
        `at the addresses of ${orders.length} orders (all that are open, and the newest); what was paid and spent again in between is never seen.`,
    );
  }
  if (undo.length > 0) {
    lines.push(
      `Given up: ${undo.length} blocks that were read (${undo.at(-1)?.height} to ${undo[0]?.height}) are not on the node's chain. What was paid in them ` +
        `counts as unconfirmed until it is found elsewhere; ${undoneOrders.length} orders have payments there.`,
      ...listed(undoneOrders),
    );
  }
  return [...lines, `${openOrders.length} orders are open:`, ...listed(openOrders)];
}

function listed(orders: readonly Order[]): string[] {
  const lines = orders.slice(0, LISTED).map(({ terms, state }) => `  ${terms.id}  ${terms.address}  ${state.status}`);
  return orders.length > LISTED ? [...lines, `  and ${orders.length - LISTED} more`] : lines;
}

function asJson({ from, to, tip, unread, undo, undoneOrders, openOrders, orders }: RestartPlan): object {
  const ids = (of: readonly Order[]): string[] => of.map(({ terms }) => terms.id);
  return {
    from: from.height,
    to: to.height,
    tip: tip.height,
    unread: unread ?? null,
    undone_blocks: undo.length,
    undone_orders: ids(undoneOrders),
    open_orders: ids(openOrders),
    orders_looked_for: orders.length,
  };
}
