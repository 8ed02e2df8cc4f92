import { expect, it } from 'vitest';
import { openTestGateway } from '../../test/support/test-gateway.ts';
import { HOUR_MS } from '../kernel/durations.ts';
import { examine } from '../services/operator/examine.ts';
import { createOrder } from '../services/orders/create-order.ts';
import type { OrderRequest } from '../services/orders/new-order.ts';
import { maxConfirmations } from './confirmation-limit.ts';

it.each([
  ['bitcoin', 72 * HOUR_MS, 288],
  ['bitcoin', HOUR_MS, 4],
  ['testnet4', 60_000, 1],
  ['bitcoin', 10_000 * HOUR_MS, 1_000],
  ['regtest', 60_000, 1_000],
] as const)('on %s, %i ms leave time for %i confirmations', (network, timeoutMs, expected) => {
  expect(maxConfirmations(network, timeoutMs)).toBe(expected);
});

it('an order that requires more confirmations than the timeout allows is refused with the limit, and such a POS is a finding', async () => {
  await using test = await openTestGateway();
  const { pos } = await test.newPos({ name: 'Deep', defaults: { requiredConfirmations: 500 } });
  const { context } = test.gateway;
  const bitcoin = { ...context, publicUrl: context.publicUrl, network: 'bitcoin' as const, settlementTimeoutMs: 72 * HOUR_MS };
  const request = (requiredConfirmations: number | null): OrderRequest => ({
    fiat: { currency: pos.currency, minorUnits: 1_000n },
    callbackUrl: null,
    continueUrl: null,
    cancelUrl: null,
    details: null,
    reference: null,
    requiredConfirmations,
  });
  await expect(createOrder(bitcoin, pos, request(289))).rejects.toMatchObject({
    code: '0001',
    fields: { required_confirmations: ['must be at most 288, got 289: an order has 72 hours for its confirmations'] },
  });
  await expect(createOrder(bitcoin, pos, request(null))).rejects.toMatchObject({
    fields: { required_confirmations: [expect.stringContaining('must be at most 288, the POS requires 500')] },
  });
  const findings = [];
  const unused = async (): Promise<never> => {
    throw new Error('not called in this test');
  };
  for await (const finding of examine({
    ...({ source: { check: unused } } as unknown as Parameters<typeof examine>[0]),
    store: context.store,
    signal: new AbortController().signal,
    installation: {
      database: undefined,
      keyFile: '/nonexistent/webpos.key',
      keys: async () => context.keys,
      privateFiles: [],
      publicUrl: undefined,
      mode: 'live',
      fixedRatesInLiveMode: false,
    },
    network: 'bitcoin',
    settlementTimeoutMs: 72 * HOUR_MS,
    databaseFreeBytes: undefined,
  }))
    findings.push(finding);
  expect(findings).toContainEqual({
    what: 'POS Deep',
    level: 'problem',
    says: 'requires 500 confirmations, but WEBPOS_SETTLEMENT_TIMEOUT_S leaves time for 288: its orders are refused with 0001',
  });
});
