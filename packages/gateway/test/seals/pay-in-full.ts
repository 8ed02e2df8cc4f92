import type { OrderId } from '../../src/kernel/ids.ts';
import type { TestGateway } from '../support/test-gateway.ts';

/** Pays an order of the sandbox, and waits until the payment is confirmed. */
export async function payInFull({ gateway }: TestGateway, id: string): Promise<void> {
  const order = await gateway.context.store.orders.get(id as OrderId);
  if (order === undefined || gateway.sandbox === undefined) throw new Error(`expected an order of a sandbox, got ${id}`);
  await gateway.sandbox.pay(order.terms.script, order.terms.amount);
  await gateway.sandbox.mine();
  await gateway.caughtUp(AbortSignal.timeout(60_000));
}
