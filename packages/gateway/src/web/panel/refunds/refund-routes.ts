/** The pages of refunds, and the forms that request, approve and cancel them. */
import { renderRefundPage, renderRefundsPage } from '@webpos/web';
import { isUuidV4, type OrderId, type RefundId } from '../../../kernel/ids.ts';
import { seesPos, type Viewer } from '../../../people/viewer.ts';
import { parseRefundAmount } from '../../../refunds/parse-amount.ts';
import { approveRefund } from '../../../services/refunds/approve-refund.ts';
import { linkPayout } from '../../../services/refunds/link-payout.ts';
import { outPointOf } from '../../../refunds/parse-out-point.ts';
import { sendPsbt, type RefundPagesContext } from './send-psbt.ts';
import { closeRefund } from '../../../services/refunds/close-refund.ts';
import { readRefund } from '../../../services/refunds/read-refund.ts';
import type { RefundContext } from '../../../services/refunds/refund-context.ts';
import { RefundError } from '../../../services/refunds/refund-error.ts';
import { requestRefund } from '../../../services/refunds/request-refund.ts';
import type { FormRequest, PanelRouter } from '../panel-router.ts';
import { refundsView, refundView } from './refund-views.ts';

const STALE = { staleTo: '/panel/refunds?note=stale' } as const;
/** Somebody who has only borrowed the screen must not have money sent to them. */
const DANGEROUS = { ...STALE, reauthenticate: true } as const;
const MAX_REASON_CHARACTERS = 300;

export function refundRoutes(panel: PanelRouter, context: RefundPagesContext): void {
  panel.page('/panel/refunds', 'refunds.read', async (page) => renderRefundsPage(await refundsView(context, page)));
  panel.page('/panel/refunds/:refund', 'refunds.read', async (page) => {
    const view = await refundView(context, page);
    return view && renderRefundPage(view);
  });
  panel.form('/panel/refunds/request', 'refunds.manage', (form) => request(context, form), STALE);
  panel.form(
    '/panel/refunds/:refund/approve',
    'refunds.manage',
    (form) => change(context, form, 'approved', (id) => approve(context, form, id)),
    DANGEROUS,
  );
  panel.form(
    '/panel/refunds/:refund/link',
    'refunds.manage',
    (form) => change(context, form, 'linked', (id) => link(context, form, id)),
    DANGEROUS,
  );
  panel.raw('/panel/refunds/:refund/psbt', 'refunds.manage', (page, request, reply) => sendPsbt(context, page, request, reply));
  panel.form(
    '/panel/refunds/:refund/cancel',
    'refunds.manage',
    (form) =>
      change(context, form, 'closed', async (id) => {
        await closeRefund(context, form.viewer.actor, id, reasonIn(form));
      }),
    STALE,
  );
}

/** Requests a refund of an order; the order's page has the form. */
async function request(context: RefundContext, form: FormRequest): Promise<string | undefined> {
  const { order = '', id = '', address = '' } = form.fields;
  if (!(await seesOrder(context, form.viewer, order))) return undefined;
  const refundId = (isUuidV4(id) ? id : context.newUuid()) as RefundId;
  try {
    const asked = { id: refundId, orderId: order as OrderId, destination: address, reason: reasonIn(form) };
    const refund = await requestRefund(context, form.viewer.actor, asked);
    return `/panel/refunds/${refund.id}?note=requested`;
  } catch (error) {
    if (error instanceof RefundError) return `/panel/orders/${order}?refund=${error.problem}#refunds`;
    throw error;
  }
}

async function seesOrder({ store }: Pick<RefundContext, 'store'>, viewer: Viewer, id: string): Promise<boolean> {
  const order = isUuidV4(id) ? await store.orders.get(id as OrderId) : undefined;
  return order !== undefined && seesPos(viewer, order.terms.posId);
}

async function approve(context: RefundContext, { viewer, fields }: FormRequest, id: RefundId): Promise<void> {
  const shown = await readRefund(context, viewer, id);
  const { amount = '', at = 'satoshi' } = fields;
  const asked = shown && parseRefundAmount(amount, at, shown.order.terms.fiat.currency);
  if (asked === undefined) throw new RefundError('amount', 'amount: expected a number above 0');
  await approveRefund(context, viewer.actor, id, asked);
}

async function link(context: RefundContext, { viewer, fields }: FormRequest, id: RefundId): Promise<void> {
  const outPoint = outPointOf(fields['output'] ?? '');
  if (outPoint === undefined) throw new RefundError('payout', 'output: expected txid:vout');
  await linkPayout(context, viewer.actor, id, outPoint);
}

/** Changes a refund, and returns the path of its page with a note; undefined if it does not exist, or not for this viewer. */
async function change(
  context: Pick<RefundContext, 'store' | 'guard'>,
  { viewer, params }: FormRequest,
  note: string,
  work: (id: RefundId) => Promise<void>,
): Promise<string | undefined> {
  const { refund: text = '' } = params;
  const shown = await readRefund(context, viewer, text);
  if (shown === undefined) return undefined;
  const { id } = shown.refund;
  try {
    await work(id);
    return `/panel/refunds/${id}?note=${note}`;
  } catch (error) {
    if (error instanceof RefundError) return `/panel/refunds/${id}?note=${error.problem}`;
    throw error;
  }
}

function reasonIn({ fields }: FormRequest): string {
  return [...(fields['reason'] ?? '').replaceAll(/\p{Cc}+/gu, ' ').trim()].slice(0, MAX_REASON_CHARACTERS).join('');
}
