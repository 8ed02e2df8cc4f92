/** Compares the listener's requests with the gateway's. */
import type { CallbackBody } from '@webpos/sdk/wire';
import { sampleCallback } from '@webpos/sdk/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bodyText as bodyOfGateway } from '../../gateway/src/callbacks/body-text.ts';
import { platformKey, signCallback, standardHeaders } from '../../gateway/src/callbacks/sign.ts';
import { standardKey } from '../../gateway/src/callbacks/standard-key.ts';
import type { EpochMs } from '../../gateway/src/kernel/clock.ts';
import { bodyText, eventSigner } from '../src/sign-event.ts';

/** Text with characters that a body escapes. */
const text = fc.string({ unit: fc.constantFrom('"', '\\', '<', '/', '\n', '\u2028', '\ud800', 'é', '☕', 'a', 'u003c') });

it('rebuilds the body of a callback byte for byte from the parsed feed', () => {
  fc.assert(
    fc.property(text, text, (details, reference) => {
      const frozen = bodyOfGateway(sampleCallback('payment.completed', { object: { details, reference } }));
      expect(bodyText(JSON.parse(frozen) as CallbackBody)).toBe(frozen);
    }),
  );
});

it('sends the same headers as the gateway', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ minLength: 1 }), text, fc.integer({ min: 0, max: 2 ** 42 }), async (secret, details, at) => {
      const frozen = bodyOfGateway(sampleCallback('payment.expired', { object: { details } }));
      const event = { id: 'a-callback', cursor: 'c', callback: JSON.parse(frozen) as CallbackBody };
      const { body, headers } = await eventSigner(secret)(event, at);
      expect(body).toBe(frozen);
      expect(headers).toEqual({
        'content-type': 'application/json',
        'user-agent': 'webpos',
        'chainside-signature': signCallback(frozen, platformKey(secret)),
        ...standardHeaders('a-callback', frozen, [standardKey(secret)], at as EpochMs),
      });
    }),
    { numRuns: 50 },
  );
});
