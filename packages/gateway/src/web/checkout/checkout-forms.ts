/** The forms of the checkout page, which work without JavaScript: cancelling, asking for a refund, trying again. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { basePathOf } from '../../kernel/base-path.ts';
import { ContractError } from '../../contract/contract-error.ts';
import type { OrderInContext } from '../../contract/order-wire.ts';
import type { OrderChangeContext } from '../../services/context.ts';
import { cancelOrder } from '../../services/orders/cancel-order.ts';
import type { OrderCreationContext } from '../../services/orders/create-order.ts';
import { findOrder } from '../../services/orders/read-order.ts';
import type { RefundContext } from '../../services/refunds/refund-context.ts';
import { requestRefundAsBuyer } from '../../services/refunds/buyer-request.ts';
import { mayRetry, retryOrder } from '../../services/orders/retry-order.ts';
import { readOwnForms } from '../shared/read-forms.ts';
import { mayCancel } from './may-cancel.ts';
import { carriedQuery } from './page-query.ts';

export type FormsContext = OrderChangeContext & OrderCreationContext & RefundContext;

interface FormsOptions {
  readonly context: FormsContext;
  /** Answers as for every nonexistent order. */
  readonly notFound: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;
}

/** More than an address needs. */
const MAX_FORM_BYTES = 4_096;

export function checkoutForms(server: FastifyInstance, { context, notFound }: FormsOptions): void {
  void server.register(async (scope) => {
    readOwnForms(scope, context, MAX_FORM_BYTES);
    /** @param work Returns the path to go to, below the one of all checkout pages. */
    const form = (path: string, work: (found: OrderInContext, request: FastifyRequest) => Promise<string>): void => {
      scope.post(`/checkout/:id/${path}`, async (request, reply) => {
        const found = await findOrder(context, (request.params as { id: string }).id);
        if (found === undefined) return notFound(request, reply);
        return reply.redirect(`${basePathOf(found.publicUrl)}/checkout/${await work(found, request)}`, 303);
      });
    };

    form('cancel', async (found, request) => {
      const { order, tipHeight } = found;
      if (mayCancel(order, tipHeight)) await cancelUnlessMovedOn(context, found);
      return `${order.terms.id}${carriedQuery(request, 'cancelled=1')}`;
    });
    form('refund', async ({ order }, request) => {
      const { address } = (request.body ?? {}) as Readonly<Record<string, unknown>>;
      const outcome = await requestRefundAsBuyer(context, order.terms.id, typeof address === 'string' ? address : '');
      const note = outcome === 'stored' || outcome === 'nothing_owed' ? [] : [`note=refund_${outcome}`];
      return `${order.terms.id}${carriedQuery(request, ...note)}#refund`;
    });
    form('retry', async ({ order, pos }, request) => {
      if (!mayRetry(order, pos, context.clock.now())) return `${order.terms.id}${carriedQuery(request)}`;
      const id = await retryId(context, { order, pos });
      if (id === undefined) return `${order.terms.id}${carriedQuery(request, 'note=try_again_failed')}`;
      return `${id}${carriedQuery(request)}`;
    });
  });
}

async function cancelUnlessMovedOn(context: OrderChangeContext, { order }: OrderInContext): Promise<void> {
  try {
    await cancelOrder(context, order.terms.id);
  } catch (error) {
    // It was paid or ended at this very moment, and its page says so.
    if (!(error instanceof ContractError && error.code === '3001')) throw error;
  }
}

/** The id of the new order; undefined if none can be made now, such as without a rate. */
async function retryId(
  context: OrderCreationContext,
  { order, pos }: Pick<OrderInContext, 'order' | 'pos'>,
): Promise<string | undefined> {
  try {
    return (await retryOrder(context, pos, order)).terms.id;
  } catch (error) {
    if (error instanceof ContractError) return undefined;
    throw error;
  }
}
