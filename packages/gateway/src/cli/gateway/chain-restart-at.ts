import { connect } from 'node:net';
import type { Config } from '../../config/config.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import { isoDate } from '../../kernel/clock.ts';
import type { Order } from '../../orders/order.ts';
import { losesBlocks, planRestart, restartChain, type RestartPlan } from '../../services/chain/restart-chain.ts';
import type { CliWorld, Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import type { Options } from '../support/options.ts';
import { UsageError } from '../support/usage-error.ts';
import { HOUR_MS } from '../../kernel/durations.ts';

/** Orders that are listed one by one. */
const MAX_LISTED = 20;
const MAX_HEIGHT = 99_999_999;
const TIMEOUT_MS = 2 * HOUR_MS;

/** `webpos chain restart-at`: continues after another block when the gateway cannot read the next one. */
export const chainRestartAt: Command = defineCommand({
  name: 'chain restart-at',
  summary: 'Continue after another block when blocks are unavailable everywhere',
  usage: '(--height N | --tip)',
  options: {
    height: {
      value: 'N',
      text: 'continue after the block at this height; blocks above it are read again',
      allowed: `0 to ${MAX_HEIGHT}`,
    },
    tip: { text: "continue after the node's best block" },
    'accept-loss': { text: 'go ahead although payments may be missed; without it, a lossy change is described and not made' },
  },
  notes: [
    'Stop webpos serve first, and use this only if /readyz or webpos doctor says so: blocks that a peer of the node still has are ' +
      'fetched automatically.',
    'For the skipped blocks, the node is searched for unspent payments to the addresses of all open orders and of the 10,000 newest ' +
      'orders (scantxoutset, which takes minutes on the main network). Payments that were spent again in those blocks are never found.',
  ],
  example: '--tip',
  run: async (world, config, options) => {
    const height = options.integer('height', -1, { min: 0, max: MAX_HEIGHT });
    if ((height === -1) === !options.flag('tip'))
      throw new UsageError(`expected one of --height and --tip, got ${height === -1 ? 'neither' : 'both'}`);
    if (config.chain.kind === 'sandbox')
      throw new OperatorError('the sandbox chain is never unavailable: there is nothing to restart');
    await refuseWhileServed(config);
    await world.operator.whileNobodyServes(config, () => planAndRestart(world, config, options, height));
  },
});

type RestartOptions = Options<'height' | 'tip' | 'accept-loss'>;

async function planAndRestart(world: CliWorld, config: Config, options: RestartOptions, height: number): Promise<void> {
  const examined = await world.openExamined(config);
  try {
    const chain = { ...examined, signal: AbortSignal.timeout(TIMEOUT_MS) };
    const plan = await planRestart(chain, options.flag('tip') ? 'tip' : height);
    if (!options.json) for (const line of explain(plan)) world.out(line);
    if (losesBlocks(plan) && !options.flag('accept-loss')) {
      if (options.json) world.out(JSON.stringify({ restarted: false, ...asJson(plan) }));
      throw new OperatorError('nothing was changed: add --accept-loss to accept the loss described above');
    }
    const restart = await restartChain(chain, plan, (percent) => {
      if (!options.json) world.out(`Searching for unspent payments: ${percent} %`);
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
 * A gateway that serves has its position and its scripts in memory, and would not notice the change.
 *
 * @throws OperatorError when something listens on the host and port of these settings.
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
  if (listens)
    throw new OperatorError(`something listens on ${name}, port ${port}, as webpos serve would: stop the gateway first`);
}

function explain({ from, to, tip, unread, undo, undoneOrders, openOrders, orders }: RestartPlan): string[] {
  const lines = [
    `The gateway has read up to block ${from.height} (${from.hash}); the node's chain ends at block ${tip.height}.`,
    `It continues after block ${to.height} (${to.hash}).`,
  ];
  if (unread === undefined && undo.length === 0) return [...lines, 'Nothing is lost.'];
  if (unread !== undefined) {
    const count = unread.to - unread.from + 1;
    lines.push(
      `Lost: the ${count} blocks from ${unread.from} to ${unread.to} are never read. Unspent payments in them are searched for, to the ` +
        `addresses of ${orders.length} orders (all open ones, and the newest). Payments that were spent again are never found.`,
    );
  }
  if (undo.length > 0) {
    lines.push(
      `Lost: ${undo.length} blocks that were read (${undo.at(-1)?.height} to ${undo[0]?.height}) are not on the node's chain. Payments in ` +
        `them count as unconfirmed until they are found elsewhere; ${undoneOrders.length} orders have such payments.`,
      ...listed(undoneOrders),
    );
  }
  return [...lines, `${openOrders.length} orders are open:`, ...listed(openOrders)];
}

function listed(orders: readonly Order[]): string[] {
  const lines = orders.slice(0, MAX_LISTED).map(({ terms, state }) => `  ${terms.id}  ${state.status}`);
  return orders.length > MAX_LISTED ? [...lines, `  and ${orders.length - MAX_LISTED} more`] : lines;
}

function asJson({ from, to, tip, unread, undo, undoneOrders, openOrders, orders }: RestartPlan): object {
  const ids = (of: readonly Order[]): string[] => of.map(({ terms }) => terms.id);
  return {
    from: from.height,
    to: to.height,
    tip: tip.height,
    unread: unread ?? null,
    rolled_back_blocks: undo.length,
    rolled_back_orders: ids(undoneOrders),
    open_orders: ids(openOrders),
    searched_orders: orders.length,
  };
}
