/** A sandbox gateway in this process, on a database of its own that is deleted with it. Blocks are mined only on request. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig, startGateway, type Gateway, type GatewayParts } from '@webpos/gateway';
import { gatewayFiles } from './gateway-files.ts';

export interface SandboxGateway extends AsyncDisposable {
  readonly gateway: Gateway;
  /** The folder of its database and its key file. */
  readonly folder: string;
}

/** @param settings the gateway's settings in addition to the defaults. */
export async function openSandboxGateway(
  settings: Readonly<Record<string, string>> = {},
  parts: GatewayParts = {},
): Promise<SandboxGateway> {
  const folder = await mkdtemp(join(tmpdir(), 'webpos-sandbox-'));
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  const own = {
    WEBPOS_PORT: '0',
    ...gatewayFiles(folder),
    WEBPOS_LOG_LEVEL: 'warn',
    WEBPOS_SANDBOX_BLOCK_INTERVAL_S: '3600',
  };
  try {
    const gateway = await startGateway(readConfig({ ...own, ...settings }), parts);
    return {
      gateway,
      folder,
      [Symbol.asyncDispose]: async () => {
        await gateway.stop();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
