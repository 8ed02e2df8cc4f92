/**
 * A shop's process that receives callbacks through `dropRepeats` and a Redis, with a handler slower than the sender's timeout.
 * The effect of a callback is an entry `UUID PID` in a list of that Redis. Arguments: the port of Redis, the list, the duration
 * of the handler, the duration of a claim, and the UUID of the order at whose callback this process dies.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'redis';
import { dropRepeats, nodeCallbacks } from '../src/adapters/index.ts';
import { redisStore } from '../src/cache/index.ts';
import { CallbackHandler } from '../src/callbacks/index.ts';
import { SECRET } from './callbacks.ts';

const [port = '', list = '', handlerMs = '', claimMs = '', fatalUuid = ''] = process.argv.slice(2);
const redis = await createClient({ url: `redis://127.0.0.1:${port}` }).connect();
const store = redisStore({ port: Number(port) });
const once = dropRepeats(
  async ({ object }) => {
    await redis.rPush(`${list}:begun`, `${object.uuid} ${process.pid}`);
    if (object.uuid === fatalUuid) process.kill(process.pid, 'SIGKILL');
    await sleep(Number(handlerMs));
    await redis.rPush(list, `${object.uuid} ${process.pid}`);
  },
  { store, ttlMs: 600_000, claimMs: Number(claimMs) },
);
const take = nodeCallbacks(new CallbackHandler({ secret: SECRET }), once);
const server = createServer((request, response) => void take(request, response));
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
