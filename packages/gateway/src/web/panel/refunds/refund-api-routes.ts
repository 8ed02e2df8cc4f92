/** The panel's API for refunds: what `webpos refund` does. */
import { refundJson } from '../../../contract/refund-json.ts';
import { ContractError, validationError } from '../../../contract/contract-error.ts';
import { FieldReader } from '../../../http/field-reader.ts';
import type { OrderId, PosId, RefundId } from '../../../kernel/ids.ts';
import { seesPos } from '../../../people/viewer.ts';
import { parseRefundAmount } from '../../../refunds/parse-amount.ts';
import { REFUND_STATUSES } from '../../../refunds/refund.ts';
import { approveRefund } from '../../../services/refunds/approve-refund.ts';
import { checkedRefund } from '../../../services/seals/checked-refund.ts';
import { linkPayout } from '../../../services/refunds/link-payout.ts';
import { outPointOf } from '../../../refunds/parse-out-point.ts';
import { feeRateOf, makePsbtOf, type RefundPagesContext } from './send-psbt.ts';
import { closeRefund } from '../../../services/refunds/close-refund.ts';
import { readRefund, type ShownRefund } from '../../../services/refunds/read-refund.ts';
import { shownRefundJson } from '../../../services/refunds/shown-refund-json.ts';
import type { RefundContext } from '../../../services/refunds/refund-context.ts';
import { RefundError } from '../../../services/refunds/refund-error.ts';
import { requestRefund } from '../../../services/refunds/request-refund.ts';
import type * as Schemas from './refund-schemas.ts';
import type { ApiRequest, PanelRouter } from '../panel-router.ts';
import { posInScope } from '../scope.ts';

const schemas = (): Promise<typeof Schemas> => import('./refund-schemas.ts');
const DEFAULT_PAGE_SIZE = 25;
const MAX_PAGE_SIZE = 200;
const MAX_DESTINATION_CHARACTERS = 500;
const MAX_REASON_CHARACTERS = 300;
const RETRY_AFTER_S = 30;
const EXPECTED_OUTPUT = 'must be a transaction id and an output number, txid:vout';

export function refundApiRoutes(panel: PanelRouter, context: RefundPagesContext): void {
  const [read, manage] = [{ permission: 'refunds.read' }, { permission: 'refunds.manage' }] as const;
  /** Somebody who has only found a token must not have money sent to them. */
  const dangerous = { ...manage, reauthenticate: true } as const;
  panel.api('/refunds', {
    GET: { ...read, schema: async () => (await schemas()).listRefunds, handle: (request) => list(context, request) },
    POST: { ...manage, schema: async () => (await schemas()).requestRefund, handle: (request) => create(context, request) },
  });
  panel.api('/refunds/:refund', {
    GET: {
      ...read,
      schema: async () => (await schemas()).getRefund,
      handle: async (request) => shownRefundJson(await shownRefund(context, request)),
    },
  });
  panel.api('/refunds/:refund/approve', {
    POST: { ...dangerous, schema: async () => (await schemas()).approveRefund, handle: (request) => approve(context, request) },
  });
  panel.api('/refunds/:refund/link', {
    POST: { ...dangerous, schema: async () => (await schemas()).linkRefund, handle: (request) => link(context, request) },
  });
  panel.api('/refunds/:refund/psbt', {
    POST: { ...manage, schema: async () => (await schemas()).refundPsbt, handle: (request) => psbt(context, request) },
  });
  panel.api('/refunds/:refund/cancel', {
    POST: { ...manage, schema: async () => (await schemas()).cancelRefund, handle: (request) => cancel(context, request) },
  });
}

async function list({ store, guard }: RefundContext, { query, viewer }: ApiRequest): Promise<unknown> {
  const read = new FieldReader(query);
  const filters = {
    posId: read.uuid<PosId>('pos'),
    status: read.oneOf('status', REFUND_STATUSES),
    before: read.uuid<RefundId>('before'),
    limit: read.integer('limit', DEFAULT_PAGE_SIZE, 1, MAX_PAGE_SIZE),
  };
  read.throwIfWrong();
  const posId = posInScope(viewer, filters.posId);
  const found = await store.refunds.list({ ...filters, posId, limit: filters.limit + 1 });
  const refunds = found.slice(0, filters.limit);
  return {
    refunds: refunds.map((refund) => refundJson(checkedRefund(guard, refund))),
    next: found.length > filters.limit ? (refunds.at(-1)?.id ?? null) : null,
  };
}

async function create(context: RefundContext, { body, viewer }: ApiRequest): Promise<unknown> {
  const read = new FieldReader(body);
  const orderId = read.uuid<OrderId>('order') ?? read.wrong('order', 'must be the UUID of an order');
  const destination = read.text('address', MAX_DESTINATION_CHARACTERS) ?? read.wrong('address', 'must be an address');
  const id = read.uuid<RefundId>('uuid') ?? (context.newUuid() as RefundId);
  const reason = read.text('reason', MAX_REASON_CHARACTERS) ?? '';
  read.throwIfWrong();
  if (orderId === undefined || destination === undefined) throw new ContractError('0001', 'invalid fields');
  const order = await context.store.orders.get(orderId);
  if (order === undefined || !seesPos(viewer, order.terms.posId)) throw new ContractError('3001', 'no such order');
  return asContractErrors(async () =>
    refundJson(await requestRefund(context, viewer.actor, { id, orderId, destination, reason })),
  );
}

async function approve(context: RefundContext, request: ApiRequest): Promise<unknown> {
  const { refund, order } = await shownRefund(context, request);
  const read = new FieldReader(request.body);
  const at = read.oneOf('at', ['satoshi', 'order', 'current']) ?? 'satoshi';
  const amount = read.parsed(
    'amount',
    (text) => parseRefundAmount(text, at, order.terms.fiat.currency),
    'must be whole satoshi, or with "at" a decimal string',
  );
  read.throwIfWrong();
  return asContractErrors(async () => {
    const approved = await approveRefund(context, request.viewer.actor, refund.id, amount ?? { kind: 'suggested' });
    return { ...refundJson(approved.refund), repeated: approved.isRepeated };
  });
}

async function cancel(context: RefundContext, request: ApiRequest): Promise<unknown> {
  const { refund } = await shownRefund(context, request);
  const read = new FieldReader(request.body);
  const reason = read.text('reason', MAX_REASON_CHARACTERS) ?? '';
  read.throwIfWrong();
  return asContractErrors(async () => {
    const closed = await closeRefund(context, request.viewer.actor, refund.id, reason);
    return { ...refundJson(closed.refund), repeated: closed.isRepeated };
  });
}

async function link(context: RefundContext, request: ApiRequest): Promise<unknown> {
  const { refund } = await shownRefund(context, request);
  const read = new FieldReader(request.body);
  const outPoint = read.parsed('output', outPointOf, EXPECTED_OUTPUT) ?? read.wrong('output', EXPECTED_OUTPUT);
  read.throwIfWrong();
  if (outPoint === undefined) throw new ContractError('0001', 'invalid fields');
  return asContractErrors(async () => refundJson(await linkPayout(context, request.viewer.actor, refund.id, outPoint)));
}

async function psbt(context: RefundPagesContext, request: ApiRequest): Promise<unknown> {
  const shown = await shownRefund(context, request);
  const read = new FieldReader(request.body);
  const feeRate = read.parsed('fee_rate', feeRateOf, 'must be a whole number from 1 to 1000, as a string');
  read.throwIfWrong();
  const made = await makePsbtOf(context, shown, feeRate);
  if (made.kind === 'none') throw validationError({ refund: [`no PSBT can be made: ${made.why}`] });
  return {
    uuid: shown.refund.id,
    psbt: made.psbt,
    fee: Number(made.fee),
    change: Number(made.change),
    inputs: made.inputs.length,
  };
}

/** @throws ContractError 3001 if no such refund exists, or not for this viewer. */
async function shownRefund(context: RefundContext, { params, viewer }: ApiRequest): Promise<ShownRefund> {
  const shown = await readRefund(context, viewer, params['refund'] ?? '');
  if (shown === undefined) throw new ContractError('3001', 'no such refund');
  return shown;
}

/** Which field of the request a problem is about. */
const FIELDS: Readonly<Partial<Record<RefundError['problem'], string>>> = {
  address: 'address',
  network: 'address',
  own_address: 'address',
  too_much: 'amount',
  too_little: 'amount',
  amount: 'amount',
  payout: 'output',
};

/** Translates the service's errors into errors of the contract. */
async function asContractErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RefundError)) throw error;
    const { problem, message } = error;
    if (problem === 'unknown_order' || problem === 'unknown_refund') throw new ContractError('3001', message, { cause: error });
    if (problem === 'no_rate') throw new ContractError('4003', message, { retryAfterS: RETRY_AFTER_S, cause: error });
    throw validationError({ [FIELDS[problem] ?? 'refund']: [message] });
  }
}
