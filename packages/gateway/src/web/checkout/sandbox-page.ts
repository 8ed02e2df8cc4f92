/** The sandbox's buttons on the checkout page: what they offer, and the forms that they post. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { CALLBACK_EVENTS, type CallbackEvent } from '@webpos/sdk/wire';
import type { SandboxControls, SandboxEvent } from '@webpos/web';
import { basePathOf } from '../../kernel/base-path.ts';
import type { OrderId } from '../../kernel/ids.ts';
import { ContractError } from '../../contract/contract-error.ts';
import type { OrderInContext } from '../../contract/order-wire.ts';
import { findOrder } from '../../services/orders/read-order.ts';
import {
  MIN_PART,
  maxPart,
  pressButton,
  sendPart,
  usefulButtons,
  type SandboxButton,
} from '../../services/sandbox/press-button.ts';
import { resetOrder } from '../../services/sandbox/reset-order.ts';
import type { GuardedContext } from '../../services/context.ts';
import type { Sandbox, SandboxContext } from '../../services/sandbox/sandbox.ts';
import { eventsNow, triggerEvent } from '../../services/sandbox/trigger-event.ts';
import { carriedQuery } from './page-query.ts';
import { readForms } from '../shared/read-forms.ts';
import { refuseOtherSites } from '../shared/refuse-other-sites.ts';

/** What the page of an order offers. The buttons come back to it with `query.sandbox`. */
export function sandboxControls(sandbox: Sandbox, found: OrderInContext, query: unknown): SandboxControls {
  const url = `${basePathOf(found.publicUrl)}/checkout/${found.order.terms.id}/sandbox`;
  const buttons = usefulButtons(found, sandbox);
  const max = maxPart(found);
  const back = (query as { sandbox?: unknown } | undefined)?.sandbox;
  return {
    payUrl: buttons.includes('pay') ? `${url}/pay` : null,
    url,
    actions: [...buttons.filter((button) => button !== 'pay'), 'reset'],
    events: eventsNow(sandbox, found).filter(hasButton),
    part:
      max === undefined ? null : { min: String(MIN_PART), max: String(max), half: String(max > 2n * MIN_PART ? max / 2n : max) },
    open: back !== undefined,
    note: back === 'refused' || back === 'amount' ? back : null,
  };
}

const ACTIONS: readonly SandboxButton[] = ['send', 'send-more', 'replace', 'mine', 'reorganize'];

interface SandboxPageOptions {
  readonly context: SandboxContext & GuardedContext;
  readonly sandbox: Sandbox;
  /** Answers as for every nonexistent order. */
  readonly notFound: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>;
}

export function sandboxPageRoutes(server: FastifyInstance, { context, sandbox, notFound }: SandboxPageOptions): void {
  void server.register(async (scope) => {
    readForms(scope);
    // Refuses forms of other sites before their body is read.
    scope.addHook('onRequest', async (request) => refuseOtherSites(request, context.publicUrl));
    /** @param work Returns how it went; the page then shows the controls. */
    const press = (path: string, work: (id: OrderId, body: unknown) => Promise<string | undefined>): void => {
      scope.post(path, async (request, reply) => {
        const found = await findOrder(context, (request.params as { id: string }).id);
        if (found === undefined) return notFound(request, reply);
        const { id } = found.order.terms;
        const outcome = await work(id, request.body);
        const query = outcome === undefined ? carriedQuery(request) : `${carriedQuery(request, `sandbox=${outcome}`)}#sandbox`;
        return reply.redirect(`${basePathOf(found.publicUrl)}/checkout/${id}${query}`, 303);
      });
    };
    press('/checkout/:id/sandbox/pay', async (id) => {
      await pressButton(context, sandbox, id, 'pay');
      return undefined;
    });
    press('/checkout/:id/sandbox', async (id, body) => act(context, sandbox, id, body));
  });
}

/** @returns how it went, for the page to report. */
const hasButton = (event: CallbackEvent): event is SandboxEvent =>
  event !== 'payment.transaction.changed' && event !== 'payment.refund.paid' && event !== 'payment.refund.reverted';

async function act(
  context: SandboxContext,
  sandbox: Sandbox,
  id: OrderId,
  body: unknown,
): Promise<'done' | 'refused' | 'amount'> {
  const { action, event, sats } = (body ?? {}) as Readonly<Record<string, unknown>>;
  const wanted = CALLBACK_EVENTS.find((candidate) => candidate === event);
  if (wanted !== undefined) return unlessRefused(triggerEvent(context, sandbox, id, wanted));
  if (action === 'reset') return unlessRefused(resetOrder(context, sandbox, id));
  if (action === 'send-part') {
    const amount = typeof sats === 'string' && /^\d{1,16}$/.test(sats) ? BigInt(sats) : 0n;
    return (await sendPart(context, sandbox, id, amount)) ? 'done' : 'amount';
  }
  const button = ACTIONS.find((candidate) => candidate === action);
  if (button === undefined) return 'refused';
  return (await pressButton(context, sandbox, id, button)) ? 'done' : 'refused';
}

async function unlessRefused(work: Promise<void>): Promise<'done' | 'refused'> {
  try {
    await work;
    return 'done';
  } catch (error) {
    if (error instanceof ContractError && error.code === '0013') return 'refused';
    throw error;
  }
}
