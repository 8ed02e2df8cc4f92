/**
 * A process that makes each part of a gateway fail, one gateway after the other, and prints a line of JSON about each. It ends by itself
 * only if no gateway leaves anything open. Argument: a folder.
 */
import { mkdir } from 'node:fs/promises';
import process from 'node:process';
import type { Part } from '../../../src/app/lifecycle.ts';
import { startGateway } from '../../../src/app/start-gateway.ts';
import { readConfig } from '../../../src/config/read-config.ts';
import { createLog } from '../../../src/ops/log.ts';
import { gatewayFiles } from '../../../../../test/support/gateway-files.ts';

const KINDS = ['start fails', 'stop fails', 'stop hangs'] as const;
type Kind = (typeof KINDS)[number];

/** The effects of a failure. */
export interface FailedPart {
  readonly part: string;
  readonly kind: Kind;
  /** The error of the start; undefined if it succeeded. */
  readonly refused: string | undefined;
  /** The parts that `stop` reported as failed. */
  readonly failed: readonly string[];
  /** The parts that are named in lines logged as errors. */
  readonly logged: readonly string[];
}

const [, , folder = ''] = process.argv;
const config = readConfig({
  WEBPOS_PORT: '0',
  ...gatewayFiles(folder),
  WEBPOS_ADDRESS_POOL_SIZE: '0',
  WEBPOS_OPS_PORT: '0',
  WEBPOS_RATES: 'fixed:EUR=60000',
  WEBPOS_STOP_TIMEOUT_S: '1',
});
const log = createLog('silent');
/** Longer than any part takes to stop without traffic. */
const STOP_TIMEOUT_MS = 1_000;

await mkdir(folder, { recursive: true });
for (const part of await partNames()) {
  for (const kind of KINDS) process.stdout.write(`${JSON.stringify(await failing(part, kind))}\n`);
}

async function partNames(): Promise<readonly string[]> {
  const names: string[] = [];
  const record = (name: string, part: Part): Part => {
    names.push(name);
    return part;
  };
  const gateway = await startGateway(config, { log, part: record });
  await gateway.stop();
  return names;
}

async function failing(part: string, kind: Kind): Promise<FailedPart> {
  const logged: string[] = [];
  const errors = createLog('error', {
    write: (line) => void logged.push(String((JSON.parse(line) as { part?: unknown }).part)),
  });
  const options = {
    log: errors,
    part: (name: string, given: Part): Part => (name === part ? broken(given, kind) : given),
    partStopTimeoutMs: kind === 'stop hangs' ? STOP_TIMEOUT_MS : 60_000,
  };
  let refused: string | undefined;
  let failed: readonly string[] = [];
  try {
    const gateway = await startGateway(config, options);
    failed = await gateway.stop();
  } catch (error) {
    refused = String(error);
  }
  // Fails unless the database and its lock have been released.
  const again = await startGateway(config, { log });
  await again.stop();
  return { part, kind, refused, failed, logged };
}

function broken(given: Part, kind: Kind): Part {
  if (kind === 'start fails') {
    return {
      ...(given.stop && { stop: () => given.stop?.() }),
      start: () => {
        throw new Error('planted');
      },
    };
  }
  return {
    start: () => given.start?.(),
    stop: async () => {
      await given.stop?.();
      if (kind === 'stop fails') throw new Error('planted');
      await new Promise(() => {});
    },
  };
}
