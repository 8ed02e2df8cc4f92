import { Webhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { bodyOf, SECRET, signed, UUID, WEBHOOK_SECRET, webhookHeaders } from '../../test/callbacks.ts';
import { CallbackHandler } from '../callbacks/index.ts';
import { signStandardWebhook } from '../testing/index.ts';
import { standardWebhooks } from './index.ts';

const BODY = bodyOf();
const SENT_AT_S = 1_795_000_000;
const HEADERS = webhookHeaders(BODY, 'msg_1', SENT_AT_S);
const check = standardWebhooks(WEBHOOK_SECRET);
const now = (): number => SENT_AT_S * 1000;
const handler = new CallbackHandler({ standardWebhooks: check, now });

describe('the headers of Standard Webhooks', () => {
  it.each([1, 24, 63, 64, 65, 200])('may be signed with a key of %d bytes', async (length) => {
    const secret = `whsec_${Buffer.alloc(length, 'key').toString('base64')}`;
    const headers = webhookHeaders(BODY, 'msg_1', SENT_AT_S, secret);
    expect(await standardWebhooks(secret)(headers, new TextEncoder().encode(BODY))).toEqual({ id: 'msg_1', sentAtS: SENT_AT_S });
    expect(await signStandardWebhook(BODY, secret, { id: 'msg_1', sentAtS: SENT_AT_S })).toEqual(headers);
  });

  it('match the example of the specification', async () => {
    // https://github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md and the tests of its libraries.
    const headers = {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    };
    const proof = await check(headers, new TextEncoder().encode('{"test": 2432232314}'));
    expect(proof).toEqual({ id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', sentAtS: 1_614_265_330 });
  });

  it('are compatible with the library of the specification', async () => {
    const theirs = new Webhook(WEBHOOK_SECRET);
    const sentAtS = Math.floor(Date.now() / 1000);
    const signature = theirs.sign('msg_1', new Date(sentAtS * 1000), BODY);
    expect(webhookHeaders(BODY, 'msg_1', sentAtS)['webhook-signature']).toBe(signature);
    expect(await signStandardWebhook(BODY, WEBHOOK_SECRET, { id: 'msg_1', sentAtS })).toMatchObject({
      'webhook-signature': signature,
    });
    expect(theirs.verify(BODY, webhookHeaders(BODY, 'msg_1', sentAtS))).toEqual(JSON.parse(BODY));
  });

  it('replace the signature of the contract, and identify the delivery', async () => {
    const delivery = await handler.receive(HEADERS, BODY);
    expect(delivery).toMatchObject({ id: 'msg_1', sentAtS: SENT_AT_S, callback: { object: { uuid: UUID } } });
  });

  it('may hold several signatures, and the secret may lack the prefix', async () => {
    const headers = new Headers({ ...HEADERS, 'webhook-signature': `v1,bm90IHRoaXM= v1a,x ${HEADERS['webhook-signature']}` });
    const bare = new CallbackHandler({ standardWebhooks: standardWebhooks(WEBHOOK_SECRET.slice('whsec_'.length)), now });
    expect((await bare.receive(headers, BODY)).id).toBe('msg_1');
  });

  it.each([
    ['id', { 'webhook-id': 'msg_2' }],
    ['time', { 'webhook-timestamp': String(SENT_AT_S + 1) }],
    ['signature', { 'webhook-signature': 'v1,bm90IHRoaXM=' }],
    ['version', { 'webhook-signature': HEADERS['webhook-signature']!.replace('v1,', 'v2,') }],
    ['lack of an id', { 'webhook-id': undefined }],
    ['lack of a time', { 'webhook-timestamp': undefined }],
  ])('are refused with another %s, even if another signature is valid', async (_what, change) => {
    const both = new CallbackHandler({ secret: SECRET, standardWebhooks: check });
    const headers = { ...signed(BODY), ...HEADERS, ...change };
    await expect(both.parse(headers, BODY)).rejects.toMatchObject({ problem: 'wrong_signature' });
  });

  it('are refused if the time is not a number', async () => {
    const headers = webhookHeaders(BODY, 'msg_1', 'soon' as never);
    await expect(handler.parse(headers, BODY)).rejects.toMatchObject({ problem: 'wrong_signature' });
  });

  it('are optional: a callback with only the signature of the contract is accepted', async () => {
    const both = new CallbackHandler({ secret: SECRET, standardWebhooks: check });
    expect(await both.receive(signed(BODY), BODY)).toEqual({ callback: JSON.parse(BODY) });
  });

  it('are required if there is no other secret', async () => {
    await expect(handler.parse({}, BODY)).rejects.toMatchObject({ problem: 'missing_signature' });
    await expect(handler.parse(signed(BODY), BODY)).rejects.toMatchObject({ problem: 'wrong_signature' });
  });
});

describe('the age limit with Standard Webhooks', () => {
  it.each([
    [0, true],
    [299, true],
    [-299, true],
    [301, false],
    [-301, false],
  ])('counts from the attempt: a callback from %d seconds ago is accepted: %s', async (laterS, taken) => {
    const now = (): number => (SENT_AT_S + laterS) * 1000;
    const limited = new CallbackHandler({ standardWebhooks: check, maxAgeMs: 300_000, now });
    const end = await limited.parse(HEADERS, BODY).then(
      () => true,
      (error: unknown) => (error as { problem: string }).problem,
    );
    expect(end).toBe(taken || 'wrong_time');
  });
});

it.each(['', 'whsec_', 'whsec_***', undefined])(
  'standardWebhooks refuses a secret that is not base64 without showing it: %s',
  (secret) => {
    const make = (): unknown => standardWebhooks(secret as string);
    expect(make).toThrow(expect.objectContaining({ name: 'ConfigurationError', field: 'standardWebhooks' }));
    expect(make).not.toThrow(/\*/);
  },
);
