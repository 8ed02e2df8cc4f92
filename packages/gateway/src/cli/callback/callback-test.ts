import { randomUUID } from 'node:crypto';
import { systemClock } from '../../kernel/clock.ts';
import { OperatorError } from '../../kernel/operator-error.ts';
import { sendTestCallback, testCallbackSummary } from '../../services/callbacks/send-test-callback.ts';
import type { Command } from '../command.ts';
import { findPos, POS_OPTIONS, readWhichPos } from '../support/find-pos.ts';
import { readOptions } from '../support/options.ts';
import { readCallbackUrl } from '../support/read-callback-url.ts';
import { withBase } from '../support/with-base.ts';

/** The endpoint did not take the test event. */
class NotAcknowledgedError extends OperatorError {
  override readonly name = 'NotAcknowledgedError';
}

/** `webpos callback test`: sends a test event to a shop, and tells what came of it. */
export const callbackTest: Command = async (world, config, words) => {
  const options = readOptions(words, [...POS_OPTIONS, 'url']);
  const which = readWhichPos(options);
  const given = options.optional('url');
  const url = given === undefined ? undefined : readCallbackUrl('url', given, config);
  const publicUrl = config.publicUrl ?? `http://${config.host}:${config.port}`;
  const sent = await withBase(world, config, async ({ store, keys }) => {
    const pos = await findPos(store, which);
    const sender = world.openCallbackSender(config);
    try {
      const context = { store, keys: await keys(), clock: systemClock, newUuid: randomUUID, publicUrl };
      return await sendTestCallback(context, sender, pos, url);
    } finally {
      await sender.close();
    }
  });
  const shown = testCallbackSummary(sent);
  const { error } = shown;
  if (options.json) world.out(JSON.stringify(shown));
  else if (error === null)
    world.out(`${sent.url} acknowledged the test event with ${shown.status} after ${shown.duration_ms} ms.`);
  if (error !== null) throw new NotAcknowledgedError(`callback: ${sent.url} did not take the test event: ${error}`);
};
