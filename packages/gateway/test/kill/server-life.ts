/**
 * A whole gateway to be killed, with its HTTP server, to which the harness sends requests as shops do. It prints `ready` and its URL when
 * it serves. With `end` it creates no load: once its standard input has ended, it double-spends the last payments, waits until everything
 * is delivered, stops and exits.
 *
 * Arguments: the database URL, the key file, a seed, what to do (`live` or `end`), and a fault to plant.
 */
import { writeSync } from 'node:fs';
import { once } from 'node:events';
import { startGateway } from '../../src/app/start-gateway.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { CALLBACKS, chargeBackTheLast, dice, disturb, SOON, TIMES, untilQuiet } from './lives.ts';
import { planted, type Fault } from './planted-faults.ts';

const [databaseUrl = '', keyFile = '', seed = '0', what = 'live', fault = 'none'] = process.argv.slice(2);

const config = readConfig({
  WEBPOS_DATABASE_URL: databaseUrl,
  WEBPOS_KEY_FILE: keyFile,
  WEBPOS_PORT: '0',
  WEBPOS_RATES: 'fixed:EUR=10000',
  WEBPOS_LOG_LEVEL: 'silent',
  WEBPOS_ADDRESS_POOL_SIZE: '50',
  WEBPOS_SANDBOX_BLOCK_INTERVAL_S: '3600',
  WEBPOS_DANGEROUSLY_ALLOW_PRIVATE_CALLBACKS: 'true',
});
const gateway = await startGateway(
  // The shops send requests as fast as they can.
  { ...config, ...TIMES, limits: { ...config.limits, clientPerS: 0 } },
  { random: SOON, callbacks: CALLBACKS, store: (own) => planted(own, fault as Fault) },
);
const { context, sandbox, url } = gateway;
if (sandbox === undefined) throw new Error('the gateway has no sandbox');
writeSync(1, `ready ${url}\n`);
if (what === 'live') await disturb({ chain: sandbox, store: context.store, random: dice(Number(seed)) });
process.stdin.resume();
await once(process.stdin, 'end');
await chargeBackTheLast({ chain: sandbox, store: context.store });
await untilQuiet(context.store, (signal) => gateway.caughtUp(signal));
await gateway.stop();
process.exit(0);
