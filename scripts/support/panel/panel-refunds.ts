/** Refunds in several states, for pictures. */
import { randomUUID } from 'node:crypto';
import { sats } from '../../../packages/gateway/src/kernel/sats.ts';
import { parseAccount } from '../../../packages/gateway/src/wallet/descriptor/parse-account.ts';
import type { CheckoutStage, CheckoutStateName } from '../../../test/support/checkout-stage.ts';
import { freshDescriptor } from '../sandbox-pos.ts';
import type { PanelVisit } from './panel-visit.ts';

/** @returns the path of one that is to be paid. */
export async function makeRefunds(
  stage: CheckoutStage,
  owner: PanelVisit,
  orders: ReadonlyMap<CheckoutStateName, string>,
): Promise<string> {
  const buyers = parseAccount({ descriptor: freshDescriptor() }, 'regtest');
  const request = async (order: CheckoutStateName, index: number, reason: string): Promise<string> => {
    const fields = { order: orders.get(order) ?? '', id: randomUUID(), address: buyers.receive(index).address, reason };
    return ((await owner.send('/panel/refunds/request', fields)).split('?')[0] ?? '').replace(/#.*/, '');
  };
  await askAsBuyer(stage, orders.get('late') ?? '', buyers.receive(0).address);
  const paid = await request('overpaid', 1, 'Paid too much');
  await owner.send(`${paid}/approve`, { amount: '2500', at: 'satoshi' });
  await stage.gateway.sandbox?.pay(buyers.receive(1).script, sats(2_500n));
  const approved = await request('paid', 2, 'The cake was sold out');
  await owner.send(`${approved}/approve`, { amount: '5.50', at: 'order' });
  await stage.gateway.caughtUp(AbortSignal.timeout(20_000));
  return approved;
}

async function askAsBuyer({ gateway }: CheckoutStage, order: string, address: string): Promise<void> {
  const body = new URLSearchParams({ address });
  const answer = await fetch(`${gateway.url}/checkout/${order}/refund`, { method: 'POST', body, redirect: 'manual' });
  if (answer.status !== 303) throw new Error(`expected the refund to be requested, got ${answer.status}`);
}
