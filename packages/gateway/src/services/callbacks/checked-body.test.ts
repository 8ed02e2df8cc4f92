/** What checks the bodies of callbacks makes of those that somebody has written to the database. */
import { expect, test } from 'vitest';
import { sampleAccount, sampleCallback, sampleOrder, samplePos } from '../../../test/support/samples.ts';
import { testGuard } from '../../../test/support/test-seals.ts';
import { systemClock } from '../../kernel/clock.ts';
import type { StoreReads } from '../../store/ports/store.ts';
import { checkedCallbacks } from './checked-body.ts';

const guard = testGuard(systemClock);
const order = sampleOrder(samplePos(sampleAccount()));
const terms = { ...order.terms, addressSeal: guard.sealOfOrder(order.terms) };
const { address } = terms;
const reads = { orders: { addresses: async () => [terms] } } as unknown as Pick<StoreReads, 'orders' | 'pos' | 'accounts'>;

async function checked(body: string): Promise<string> {
  const [callback] = await checkedCallbacks({ guard, store: {} }, reads, [sampleCallback(order, { body })]);
  return callback?.body ?? '';
}

const written = (fields: string): string => `{"event":"payment.completed","object":{"uuid":"1",${fields}}}`;
const OURS = `"address":"${address}","uri":"bitcoin:${address}?amount=0.001"`;

test.each([
  ['an address without a URI', written(`"address":"theirs"`)],
  ['a URI without an address', written(`"uri":"bitcoin:theirs?amount=0.001"`)],
  ['a URI that is no text', written(`"address":"theirs","uri":["bitcoin:theirs"]`)],
  ['another address in upper case', written(`${OURS},"ADDRESS":"theirs"`)],
  ['another address with a long s', written(`${OURS},"addre\u017fs":"theirs"`)],
  ['another URI with an escaped capital letter', written(`${OURS},"\\u0055ri":"bitcoin:theirs"`)],
  ['only an address in upper case', written(`"Address":"theirs"`)],
  ['another object in upper case', written(OURS).replace(/}$/, ',"Object":{"address":"theirs"}}')],
])('%s does not leave', async (_, body) => {
  const text = await checked(body);
  expect(text).not.toContain('theirs');
  expect((JSON.parse(text) as { object: unknown }).object).toMatchObject({ uuid: '1' });
});

test('a body of ours stays to the letter', async () => {
  const body = written(`${OURS},"reference":"Address"`);
  expect(await checked(body)).toBe(body);
});
