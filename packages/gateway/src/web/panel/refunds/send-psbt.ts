/** The unsigned transaction of a refund as a file, for the merchant's wallet to sign. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { makePsbt, type MadePsbt, type PsbtSource } from '../../../services/refunds/make-psbt.ts';
import { readRefund, type ShownRefund } from '../../../services/refunds/read-refund.ts';
import type { RefundContext } from '../../../services/refunds/refund-context.ts';
import type { PageRequest } from '../panel-router.ts';

export interface RefundPagesContext extends RefundContext {
  /** Says which outputs are unspent, if it can. */
  readonly source: PsbtSource;
}

const DEADLINE_MS = 60_000;

export async function sendPsbt(
  context: RefundPagesContext,
  { viewer, params, query }: PageRequest,
  _request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const shown = await readRefund(context, viewer, params['refund'] ?? '');
  if (shown === undefined) return reply.code(404).send();
  const text = query['fee_rate'] ?? '';
  const feeRate = feeRateOf(text);
  const made = text !== '' && feeRate === undefined ? NO_RATE : await makePsbtOf(context, shown, feeRate);
  if (made.kind === 'none') return reply.redirect(`../${shown.refund.id}?note=${made.why}`, 303);
  return reply
    .headers({
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename="refund-${shown.refund.id.slice(0, 8)}.psbt"`,
      'cache-control': 'no-store',
    })
    .send(Buffer.from(made.psbt, 'base64'));
}

const NO_RATE: MadePsbt = { kind: 'none', why: 'fee_rate' };

/** Reads a fee rate in whole satoshi per virtual byte; undefined for any other text. */
export function feeRateOf(text: string): number | undefined {
  return /^\d{1,4}$/.test(text) && Number(text) >= 1 && Number(text) <= 1_000 ? Number(text) : undefined;
}

export async function makePsbtOf(
  { store, source, guard }: RefundPagesContext,
  shown: ShownRefund,
  feeRate: number | undefined,
): Promise<MadePsbt> {
  return makePsbt({ store, source, guard }, shown, feeRate, AbortSignal.timeout(DEADLINE_MS));
}
