/** A real gateway with files and a database of its own, to which somebody without the key file can write. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gatewayFiles } from '../../../../test/support/gateway-files.ts';
import { freshSchema, type FreshSchema } from '../../../../test/support/postgres.ts';
import { openTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { attackerOf, type Attacker } from './attacker.ts';

export interface AttackedGateway extends AsyncDisposable {
  readonly folder: string;
  /** With these, the commands work on the same database. */
  readonly settings: Readonly<Record<string, string>>;
  readonly attacker: Attacker;
  /** Starts the gateway. If it is running, stops it before, which empties its caches. */
  start(): Promise<TestGateway>;
}

/** @param postgres The server of the database; undefined for SQLite. */
export async function attackedGateway(
  postgres: string | undefined,
  more: Readonly<Record<string, string>>,
): Promise<AttackedGateway> {
  const folder = await mkdtemp(join(tmpdir(), 'webpos-seals-'));
  const files = gatewayFiles(folder);
  let schema: FreshSchema | undefined;
  let url: string = files.WEBPOS_DATABASE_URL;
  if (postgres !== undefined) {
    schema = await freshSchema(postgres);
    url = `${postgres}?options=-c%20search_path%3D${schema.name}`;
  }
  const settings = { ...files, WEBPOS_DATABASE_URL: url, WEBPOS_MARKS_FILE: join(folder, 'webpos.marks'), ...more };
  let running: TestGateway | undefined;
  const stop = async (): Promise<void> => {
    await running?.[Symbol.asyncDispose]();
    running = undefined;
  };
  return {
    folder,
    settings,
    attacker: attackerOf(url),
    start: async () => {
      await stop();
      running = await openTestGateway(settings);
      await running.gateway.caughtUp(AbortSignal.timeout(60_000));
      return running;
    },
    [Symbol.asyncDispose]: async () => {
      await stop();
      await schema?.[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
