import { randomUUID } from 'node:crypto';
import { systemClock } from '../kernel/clock.ts';
import { OperatorError } from '../kernel/operator-error.ts';
import { parseShopUrl } from '../orders/shop-url.ts';
import { sendTestCallback, testCallbackSummary } from '../services/send-test-callback.ts';
import type { Command } from './command.ts';
import { findPos, POS_OPTIONS, readWhichPos } from './find-pos.ts';
import { readOptions } from './options.ts';
import { UsageError } from './usage-error.ts';
import { withBase } from './with-base.ts';

/** The endpoint did not take the test event. */
class NotAcknowledgedError extends OperatorError {
  override readonly name = 'NotAcknowledgedError';
}

/** `webpos callback test`: sends a test event to a shop, and tells what came of it. */
export const callbackTest: Command = async (world, config, words) => {
  const options = readOptions(words, [...POS_OPTIONS, 'url']);
  const which = readWhichPos(options);
  const given = options.optional('url');
  const url = given === undefined ? undefined : readUrl(given, config.mode === 'sandbox');
  const { dangerouslyAllowPrivateCallbacks } = config;
  const publicUrl = config.publicUrl ?? `http://${config.host}:${config.port}`;
  const sent = await withBase(world, config, async ({ store, keys }) => {
    const context = { store, keys, clock: systemClock, newUuid: randomUUID, publicUrl, dangerouslyAllowPrivateCallbacks };
    return sendTestCallback(context, await findPos(store, which), url);
  });
  const shown = testCallbackSummary(sent);
  const { error } = shown;
  if (options.json) world.out(JSON.stringify(shown));
  else if (error === null)
    world.out(`${sent.url} acknowledged the test event with ${shown.status} after ${shown.duration_ms} ms.`);
  if (error !== null) throw new NotAcknowledgedError(`callback: ${sent.url} did not take the test event: ${error}`);
};

function readUrl(text: string, allowHttp: boolean): string {
  try {
    return parseShopUrl(text, { allowHttp });
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`--url: ${error.message}`);
    throw error;
  }
}
