/** A process that takes one callback, through `dropRepeats` and a Redis; says on its output whether it handled it. */
import { dropRepeats } from '../src/adapters/index.ts';
import { redisStore } from '../src/cache/index.ts';
import type { ReceivedCallback } from '../src/callbacks/index.ts';

const [port = '', body = ''] = process.argv.slice(2);
const callback = JSON.parse(body) as ReceivedCallback;
let output = 'dropped';
const once = dropRepeats(() => void (output = 'handled'), { store: redisStore({ port: Number(port) }), ttlMs: 60_000 });
await once(callback, { callback });
// The store is left open: it must not keep this process.
console.log(output);
