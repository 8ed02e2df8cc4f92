import { randomUUID } from 'node:crypto';
import { systemClock } from '../../kernel/clock.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import { sendTestCallback, testCallbackSummary } from '../../services/callbacks/send-test-callback.ts';
import { UnverifiedError } from '../../services/seals/unverified-error.ts';
import type { Command } from '../command.ts';
import { defineCommand } from '../define-command.ts';
import { findPos, POS_OPTIONS, POS_USAGE, readWhichPos } from '../support/find-pos.ts';
import { publicUrlOf } from '../support/public-url.ts';
import { CALLBACK_URL_FORMAT, readCallbackUrl } from '../support/read-callback-url.ts';
import { withBase } from '../support/with-base.ts';

/** The endpoint did not acknowledge the test event. */
class NotAcknowledgedError extends OperatorError {
  override readonly name = 'NotAcknowledgedError';
}

/** `webpos callback test`: sends a test event to a shop, and shows the outcome. */
export const callbackTest: Command = defineCommand({
  name: 'callback test',
  summary: 'Send a test event to a shop and show the outcome',
  usage: POS_USAGE,
  options: {
    ...POS_OPTIONS,
    url: {
      value: 'URL',
      text: 'destination of the test event',
      allowed: CALLBACK_URL_FORMAT,
      default: 'the callback URL of the POS',
    },
  },
  notes: [
    'The event is a payment.expired of an order that does not exist, signed like any other. Exits with status 1 if the shop does not ' +
      'acknowledge it.',
  ],
  example: '--pos 3f8b2c1e-5a4d-4c3b-9e2f-1a0b9c8d7e6f',
  run: async (world, config, options) => {
    const which = readWhichPos(options);
    const given = options.optional('url');
    const url = given === undefined ? undefined : readCallbackUrl('url', given, config);
    const publicUrl = publicUrlOf(config);
    const sent = await withBase(world, config, async ({ store, keys, guard }) => {
      const pos = await findPos(store, which);
      const sender = world.openCallbackSender(config);
      try {
        const context = { store, keys: await keys(), guard: await guard(), clock: systemClock, newUuid: randomUUID, publicUrl };
        return await sendTestCallback(context, sender, pos, url);
      } catch (error) {
        throw error instanceof UnverifiedError ? new OperatorError(`pos: ${error.message}: see webpos doctor`) : error;
      } finally {
        await sender.close();
      }
    });
    const shown = testCallbackSummary(sent);
    const { error } = shown;
    if (options.json) world.out(JSON.stringify(shown));
    else if (error === null)
      world.out(`${sent.url} acknowledged the test event with ${shown.status} after ${shown.duration_ms} ms.`);
    if (error !== null) throw new NotAcknowledgedError(`callback: ${sent.url} did not acknowledge the test event: ${error}`);
  },
});
