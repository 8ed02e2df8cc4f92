/** A process that receives one callback through `dropRepeats` and a Redis, and prints whether it handled it. */
import { dropRepeats } from '../src/adapters/index.ts';
import { redisStore } from '../src/cache/index.ts';
import type { ReceivedCallback } from '../src/callbacks/index.ts';

const [port = '', body = ''] = process.argv.slice(2);
const callback = JSON.parse(body) as ReceivedCallback;
let output = 'dropped';
const once = dropRepeats(() => void (output = 'handled'), { store: redisStore({ port: Number(port) }), ttlMs: 60_000 });
await once(callback, { callback });
// The store stays open: it must not keep this process alive.
console.log(output);
