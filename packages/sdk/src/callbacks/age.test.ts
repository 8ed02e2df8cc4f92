import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Proof } from './callback-options.ts';
import { CallbackHandler } from './index.ts';

const CREATED_AT = '2026-11-23T18:00:00.000Z';
const BODY = JSON.stringify({
  event: 'payment.completed',
  created_at: CREATED_AT,
  object_type: 'payment_order',
  object: { uuid: '0b7bd9b9-2a4f-4c0e-9f4b-1d9b6f8f2a11', state: { status: 'paid' } },
});

function sign(body: string): Record<string, string> {
  return { 'chainside-signature': createHmac('sha512', createHash('sha256').update('s').digest()).update(body).digest('base64') };
}

async function parseAt(nowMs: number, maxAgeMs: number | undefined, body = BODY): Promise<unknown> {
  return await new CallbackHandler({ secret: 's', maxAgeMs, now: () => nowMs }).parse(sign(body), body);
}

describe('the age limit', () => {
  const at = Date.parse(CREATED_AT);

  it.each([0, 60_000, -60_000])('accepts a callback sent %d ms ago', async (agoMs) => {
    await expect(parseAt(at + agoMs, 60_000)).resolves.toMatchObject({ event: 'payment.completed' });
  });

  it.each([
    ['too old', 60_001],
    ['from the future', -60_001],
    ['a year in the future', -365 * 86_400_000],
    ['from the year 275760', -8e15],
  ])('refuses a callback that is %s', async (_what, agoMs) => {
    await expect(parseAt(at + agoMs, 60_000)).rejects.toMatchObject({ name: 'CallbackError', problem: 'wrong_time' });
  });

  it('is off by default', async () => {
    await expect(parseAt(0, undefined)).resolves.toMatchObject({ event: 'payment.completed' });
    await expect(parseAt(0, Infinity)).resolves.toMatchObject({ event: 'payment.completed' });
  });

  it('refuses an invalid date', async () => {
    const body = BODY.replace(CREATED_AT, 'yesterday');
    await expect(parseAt(at, 60_000, body)).rejects.toMatchObject({ problem: 'wrong_time' });
    await expect(parseAt(at, Infinity, body)).resolves.toMatchObject({ created_at: 'yesterday' });
    await expect(parseAt(at, undefined, body)).resolves.toMatchObject({ created_at: 'yesterday' });
  });

  it("counts from the body's date if no signature covers webhook-timestamp", async () => {
    const headers = {
      ...sign(BODY),
      'webhook-id': 'm',
      'webhook-timestamp': String(at / 1000),
      'webhook-signature': 'v1,forged',
    };
    const handler = new CallbackHandler({ secret: 's', maxAgeMs: 60_000, now: () => at + 120_000 });
    await expect(handler.parse(headers, BODY)).rejects.toMatchObject({ problem: 'wrong_time' });
  });

  it.each([
    [undefined, 300_000, true],
    [undefined, 300_001, false],
    [undefined, -300_001, false],
    [600_000, 300_001, true],
    [Infinity, 365 * 86_400_000, true],
  ])('of %s accepts a verified webhook-timestamp from %d ms ago: %s', async (maxAgeMs, agoMs, taken) => {
    const headers = { 'webhook-id': 'm', 'webhook-timestamp': String(at / 1000), 'webhook-signature': 'v1,good' };
    const standardWebhooks = async (): Promise<Proof> => ({ id: 'm', sentAtS: at / 1000 });
    const handler = new CallbackHandler({ standardWebhooks, maxAgeMs, now: () => at + agoMs });
    const parsed = handler.parse(headers, BODY);
    if (taken) await expect(parsed).resolves.toMatchObject({ event: 'payment.completed' });
    else await expect(parsed).rejects.toMatchObject({ problem: 'wrong_time' });
  });

  it('is checked after the signature: the date of a forged body is not read', async () => {
    const handler = new CallbackHandler({ secret: 'another', maxAgeMs: 1, now: () => 0 });
    await expect(handler.parse(sign(BODY), BODY)).rejects.toMatchObject({ problem: 'wrong_signature' });
  });

  it.each([0, -1, Number.NaN, 'soon'])('cannot be %s', (maxAgeMs) => {
    const make = (): unknown => new CallbackHandler({ secret: 's', maxAgeMs: maxAgeMs as number });
    expect(make).toThrow(expect.objectContaining({ name: 'ConfigurationError', field: 'maxAgeMs' }));
  });
});
