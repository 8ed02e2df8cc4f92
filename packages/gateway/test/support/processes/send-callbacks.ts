/** A process that sends a callback to each URL in its arguments, and prints the errors as JSON, null for an acknowledged callback. */
import { createCallbackSender } from '../../../src/callbacks/http/callback-sender.ts';
import { platformKey } from '../../../src/callbacks/sign.ts';
import { systemClock } from '../../../src/kernel/clock.ts';
import { parseId, type CallbackId } from '../../../src/kernel/ids.ts';

const sender = createCallbackSender({ now: () => systemClock.now(), dangerouslyAllowPrivateCallbacks: true });
const id = parseId<CallbackId>('5c3e8f0a-6f0a-4d0c-9a53-0d9c0fd0b001');
const keys = { platform: platformKey('x'), standard: [] };
const output: (string | null)[] = [];
for (const url of process.argv.slice(2)) {
  const attempt = await sender.send({ id, body: '{}', url }, keys, new AbortController().signal);
  output.push(attempt.kind === 'acknowledged' ? null : attempt.error);
}
process.stdout.write(JSON.stringify(output));
await sender.close();
